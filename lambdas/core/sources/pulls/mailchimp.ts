import { bearer, type PullPreset, people } from './preset.ts';

const list = {
  path: '/3.0/lists/{list}/members',
  rows: 'members',
  pages: { type: 'offset', limit: 500, limitParam: 'count', total: 'total_items' },
  columns: {
    id: 'contact_id',
    last_changed: 'last_changed',
    email: 'email_address',
    status: 'status',
    first_name: 'merge_fields.FNAME',
    last_name: 'merge_fields.LNAME',
    phone: 'merge_fields.PHONE',
    merge_fields: 'merge_fields',
    language: 'language',
    vip: 'vip',
  },
  deleted: { column: 'status', values: ['archived'] },
} as const;

/** Members of one audience of Mailchimp. Its pages are positions, so a window is read until it is still. */
export const mailchimp: PullPreset = {
  pages: ['https://mailchimp.com/developer/marketing/api/list-members/list-members-info/'],
  api: { baseUrl: 'https://{server}.api.mailchimp.com' },
  auths: { key: { type: 'basic' }, oauth: bearer },
  settings: { server: { pattern: /^[a-z]{2}\d{1,3}$/ }, list: { pattern: /^[a-z0-9]{6,20}$/ } },
  objects: [
    {
      declared: people({
        object: 'members',
        id: 'mailchimp_contact_id',
        updatedAt: 'last_changed',
        deleted: 'Member Archived',
        traits: {
          email: 'email',
          phone: 'phone',
          first_name: 'first_name',
          last_name: 'last_name',
          mailchimp_status: 'status',
          locale: 'language',
        },
      }),
      reading: {
        windowDays: 30,
        reads: [
          {
            means: 'changes',
            ...list,
            params: {
              since_last_changed: '{from}',
              before_last_changed: '{to}',
              sort_field: 'last_changed',
              sort_dir: 'ASC',
            },
          },
          { means: 'all', ...list, everyHours: 168, params: { sort_field: 'timestamp_signup', sort_dir: 'ASC' } },
        ],
      },
    },
  ],
};
