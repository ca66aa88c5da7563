import { bearer, type PullPreset, people } from './preset.ts';

/** Users of Zendesk, by its incremental export: deleted users, too, and ten requests a minute. */
export const zendesk: PullPreset = {
  pages: ['https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/'],
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
  ],
};
