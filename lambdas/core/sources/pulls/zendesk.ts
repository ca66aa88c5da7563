import { bearer, companies, type PullPreset, people } from './preset.ts';

/**
 * Users and organizations of Zendesk, by its incremental exports: ten requests a minute. Deleted users are in theirs.
 * That of organizations goes on by time, and says nothing of deleted ones, so a read of everything finds them.
 */
export const zendesk: PullPreset = {
  pages: [
    'https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/',
    'https://developer.zendesk.com/api-reference/ticketing/organizations/organizations/',
  ],
  api: { baseUrl: 'https://{subdomain}.zendesk.com' },
  auths: { token: { type: 'basic' }, oauth: bearer },
  settings: { subdomain: { pattern: /^[a-z0-9][a-z0-9-]{0,60}$/ } },
  objects: [
    {
      declared: people({
        object: 'users',
        id: 'zendesk_user_id',
        updatedAt: 'updated_at',
        deleted: 'User Deleted',
        traits: {
          email: 'email',
          phone: 'phone',
          name: 'name',
          zendesk_role: 'role',
          tags: 'tags',
          external_id: 'external_id',
        },
      }),
      reading: {
        times: 'seconds',
        reads: [
          {
            means: 'changes',
            path: '/api/v2/incremental/users/cursor.json',
            params: { start_time: '{from}' },
            rows: 'users',
            pages: { type: 'cursor', at: 'after_cursor', param: 'cursor' },
            ends: 'end_of_stream',
            drop: ['url', 'photo', 'last_login_at', 'iana_time_zone', 'active'],
            deleted: { column: 'active', values: [false] },
          },
        ],
      },
    },
    {
      declared: companies({
        object: 'organizations',
        prefix: 'zendesk_organization',
        updatedAt: 'updated_at',
        traits: {
          name: 'name',
          domains: 'domain_names',
          details: 'details',
          tags: 'tags',
          external_id: 'external_id',
          organization_fields: 'organization_fields',
        },
      }),
      reading: {
        times: 'seconds',
        reads: [
          {
            means: 'changes',
            path: '/api/v2/incremental/organizations.json',
            params: { start_time: '{from}' },
            rows: 'organizations',
            pages: { type: 'link', at: 'next_page' },
            ends: 'end_of_stream',
            drop: ['url'],
          },
          {
            means: 'all',
            path: '/api/v2/organizations.json',
            params: { 'page[size]': 100 },
            rows: 'organizations',
            pages: { type: 'cursor', at: 'meta.after_cursor', param: 'page[after]', more: 'meta.has_more' },
            everyHours: 168,
            drop: ['url'],
          },
        ],
      },
    },
  ],
};
