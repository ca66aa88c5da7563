import { bearer, type PullPreset } from './preset.ts';

/**
 * Leads of one form of Meta. A webhook brings only their ids; this brings what people wrote. The answers of a form are
 * a list of names and values, which become columns.
 */
export const metaLeads: PullPreset = {
  pages: [
    'https://developers.facebook.com/docs/marketing-api/guides/lead-ads/retrieving',
    'https://developers.facebook.com/docs/facebook-login/access-tokens/debugging-and-error-handling',
  ],
  // A token that ran out is answered with status 400 and this code.
  api: { baseUrl: 'https://graph.facebook.com', expired: { at: 'error.code', matches: '190' } },
  auths: { token: bearer },
  settings: { form: { pattern: /^\d{5,25}$/ }, version: { pattern: /^v\d{2}\.\d$/, default: 'v24.0' } },
  objects: [
    {
      declared: {
        object: 'leads',
        rows: 'events',
        key: ['id'],
        time: 'created_time',
        mappings: [
          {
            to: {
              type: 'identify',
              traits: {
                email: { '@path': '$.row.email' },
                phone: { '@path': '$.row.phone_number' },
                name: { '@path': '$.row.full_name' },
                first_name: { '@path': '$.row.first_name' },
                last_name: { '@path': '$.row.last_name' },
              },
              context: {
                externalIds: [
                  { id: { '@path': '$.row.id' }, type: 'meta_lead_id', collection: 'users', encoding: 'none' },
                ],
              },
            },
          },
          {
            to: {
              type: 'track',
              event: 'Lead Received',
              properties: {
                lead_id: { '@path': '$.row.id' },
                form_id: { '@path': '$.row.form_id' },
                ad_id: { '@path': '$.row.ad_id' },
                campaign_id: { '@path': '$.row.campaign_id' },
              },
              context: {
                externalIds: [
                  { id: { '@path': '$.row.id' }, type: 'meta_lead_id', collection: 'users', encoding: 'none' },
                ],
              },
            },
          },
        ],
      },
      reading: {
        times: 'seconds',
        windowDays: 30,
        reads: [
          {
            means: 'changes',
            path: '/{version}/{form}/leads',
            params: {
              fields: 'id,created_time,form_id,ad_id,campaign_id,field_data',
              filtering:
                '[{"field":"time_created","operator":"GREATER_THAN","value":{before}},' +
                '{"field":"time_created","operator":"LESS_THAN","value":{to}}]',
              limit: 100,
            },
            rows: 'data',
            pages: { type: 'cursor', at: 'paging.cursors.after', param: 'after' },
            spread: [{ at: 'field_data', name: 'name', value: 'values.0' }],
          },
        ],
      },
    },
  ],
};
