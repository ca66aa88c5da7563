import { companies, type PresetObject, type PullPreset, people } from './preset.ts';

const objectOf = (name: string, extra: object, declared: PresetObject['declared']): PresetObject => {
  const list = {
    path: `/api/v2/${name}`,
    rows: 'data',
    pages: { type: 'cursor', at: 'additional_data.next_cursor', param: 'cursor' },
    deleted: { column: 'is_deleted', values: [true] },
    ...extra,
  } as const;
  return {
    declared,
    reading: {
      windowDays: 30,
      reads: [
        {
          means: 'changes',
          ...list,
          params: {
            updated_since: '{from}',
            updated_until: '{to}',
            sort_by: 'update_time',
            sort_direction: 'asc',
            limit: 500,
          },
        },
        { means: 'all', ...list, everyHours: 168, params: { sort_by: 'id', sort_direction: 'asc', limit: 500 } },
      ],
    },
  };
};

/**
 * Persons and organizations of Pipedrive. Its list leaves out deleted ones, so a read of everything finds them. Of an
 * organization, `industry` is the number of a choice, and with the website, the LinkedIn page, the employees and the
 * revenue it is only there where the account has these fields (`OrganizationItem` of the vendor's client, 33.7.0).
 */
export const pipedrive: PullPreset = {
  pages: [
    'https://developers.pipedrive.com/docs/api/v1/Persons',
    'https://developers.pipedrive.com/docs/api/v1/Organizations',
    'https://github.com/pipedrive/client-nodejs',
  ],
  api: { baseUrl: 'https://{company}.pipedrive.com' },
  auths: {
    token: { type: 'header', name: 'x-api-token', prefix: '' },
    oauth: { type: 'oauth-refresh', tokenUrl: 'https://oauth.pipedrive.com/oauth/token' },
  },
  settings: { company: { pattern: /^[a-z0-9][a-z0-9-]{0,60}$/ } },
  objects: [
    objectOf(
      'persons',
      {
        columns: {
          id: 'id',
          update_time: 'update_time',
          is_deleted: 'is_deleted',
          name: 'name',
          first_name: 'first_name',
          last_name: 'last_name',
          email: 'emails.0.value',
          phone: 'phones.0.value',
          org_id: 'org_id',
          custom_fields: 'custom_fields',
        },
        drop: ['is_deleted'],
      },
      people({
        object: 'persons',
        id: 'pipedrive_person_id',
        updatedAt: 'update_time',
        deleted: 'Person Deleted',
        traits: {
          email: 'email',
          phone: 'phone',
          name: 'name',
          first_name: 'first_name',
          last_name: 'last_name',
        },
      }),
    ),
    objectOf(
      'organizations',
      {
        columns: {
          id: 'id',
          update_time: 'update_time',
          is_deleted: 'is_deleted',
          name: 'name',
          website: 'website',
          linkedin: 'linkedin',
          industry: 'industry',
          employee_count: 'employee_count',
          annual_revenue: 'annual_revenue',
          address: 'address.value',
          city: 'address.locality',
          country: 'address.country',
          custom_fields: 'custom_fields',
        },
        drop: ['is_deleted'],
      },
      companies({
        object: 'organizations',
        prefix: 'pipedrive_organization',
        updatedAt: 'update_time',
        traits: {
          name: 'name',
          website: 'website',
          linkedin: 'linkedin',
          pipedrive_industry: 'industry',
          employees: 'employee_count',
          annual_revenue: 'annual_revenue',
          address: 'address',
          city: 'city',
          country: 'country',
        },
      }),
    ),
  ],
};
