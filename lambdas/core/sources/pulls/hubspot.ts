import { bearer, companies, type PresetObject, type PullPreset, people } from './preset.ts';

/**
 * HubSpot's search gives at most 10,000 rows of a question, so fuller windows are split. Its cursor is a position, and
 * a row that is changed meanwhile moves to the end. Archived rows are in a list of their own.
 */
const objectOf = (name: string, changedAt: string, declared: PresetObject['declared']): PresetObject => {
  const rows = {
    rows: 'results',
    spread: ['properties'],
    drop: [
      'archived',
      'url',
      'createdAt',
      'hs_object_id',
      'createdate',
      'lastmodifieddate',
      'hs_lastmodifieddate',
      'archivedAt',
    ],
    deleted: { column: 'archived', values: [true] },
  };
  const list = {
    ...rows,
    path: `/crm/v3/objects/${name}`,
    pages: { type: 'cursor', at: 'paging.next.after', param: 'after' },
  } as const;
  const properties = `{${name}Properties}`;
  const between = ['GTE', 'LT'].map((operator, n) => ({
    propertyName: changedAt,
    operator,
    value: ['{from}', '{to}'][n] ?? '',
  }));
  return {
    declared,
    reading: {
      times: 'milliseconds',
      windowDays: 30,
      reads: [
        {
          means: 'changes',
          ...rows,
          method: 'POST',
          path: `/crm/v3/objects/${name}/search`,
          json: {
            filterGroups: [{ filters: between }],
            sorts: [{ propertyName: changedAt, direction: 'ASCENDING' }],
            properties: `{${name}Properties...}`,
            limit: 200,
          },
          pages: { type: 'cursor', at: 'paging.next.after', body: 'after' },
          positional: true,
          mostRows: 10_000,
        },
        { means: 'deleted', ...list, everyHours: 24, params: { limit: 100, archived: true, properties } },
        { means: 'all', ...list, everyHours: 168, params: { limit: 100, archived: false, properties } },
      ],
    },
  };
};

const names = /^[a-z0-9_]+(,[a-z0-9_]+)*$/;

/** Contacts and companies of HubSpot. */
export const hubspot: PullPreset = {
  pages: [
    'https://developers.hubspot.com/docs/api/crm/search',
    'https://developers.hubspot.com/docs/api/crm/contacts',
    'https://developers.hubspot.com/docs/api/crm/companies',
    'https://developers.hubspot.com/docs/api/oauth/tokens',
  ],
  api: { baseUrl: 'https://api.hubapi.com' },
  auths: { token: bearer, oauth: { type: 'oauth-refresh', tokenUrl: 'https://api.hubapi.com/oauth/v1/token' } },
  settings: {
    contactsProperties: { pattern: names, default: 'email,firstname,lastname,phone,company,jobtitle,lifecyclestage' },
    companiesProperties: {
      pattern: names,
      default: 'name,domain,industry,numberofemployees,annualrevenue,city,country,phone,lifecyclestage',
    },
  },
  objects: [
    objectOf(
      'contacts',
      'lastmodifieddate',
      people({
        object: 'contacts',
        id: 'hubspot_contact_id',
        updatedAt: 'updatedAt',
        deleted: 'Contact Deleted',
        traits: {
          email: 'email',
          first_name: 'firstname',
          last_name: 'lastname',
          phone: 'phone',
          company_name: 'company',
          title: 'jobtitle',
          lifecycle_stage: 'lifecyclestage',
        },
      }),
    ),
    objectOf(
      'companies',
      'hs_lastmodifieddate',
      companies({
        object: 'companies',
        prefix: 'hubspot_company',
        updatedAt: 'updatedAt',
        traits: {
          name: 'name',
          domain: 'domain',
          industry: 'industry',
          employees: 'numberofemployees',
          annual_revenue: 'annualrevenue',
          city: 'city',
          country: 'country',
          phone: 'phone',
          lifecycle_stage: 'lifecyclestage',
        },
      }),
    ),
  ],
};
