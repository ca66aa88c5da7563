import { type PullPreset, people } from './preset.ts';

const list = {
  path: '/api/profiles',
  rows: 'data',
  pages: { type: 'link', at: 'links.next' },
  spread: ['attributes'],
  drop: ['type', 'links', 'relationships', 'last_event_date'],
} as const;

/**
 * Profiles of Klaviyo. Its filters leave out their bounds, so a window begins a second early. Deleted profiles are
 * found by a read of all of them.
 */
export const klaviyo: PullPreset = {
  pages: [
    'https://developers.klaviyo.com/en/reference/get_profiles',
    'https://raw.githubusercontent.com/klaviyo/openapi/main/openapi/stable/apis/get_profiles.json',
  ],
  api: { baseUrl: 'https://a.klaviyo.com', headers: { revision: '2026-01-15', accept: 'application/vnd.api+json' } },
  auths: { token: { type: 'header', prefix: 'Klaviyo-API-Key ' } },
  settings: {},
  objects: [
    {
      declared: people({
        object: 'profiles',
        id: 'klaviyo_profile_id',
        updatedAt: 'updated',
        deleted: 'Profile Deleted',
        traits: {
          email: 'email',
          phone: 'phone_number',
          first_name: 'first_name',
          last_name: 'last_name',
          company_name: 'organization',
          title: 'title',
          locale: 'locale',
        },
      }),
      reading: {
        windowDays: 30,
        reads: [
          {
            means: 'changes',
            ...list,
            params: {
              filter: 'greater-than(updated,{before}),less-than(updated,{to})',
              sort: 'updated',
              'page[size]': 100,
            },
          },
          { means: 'all', ...list, everyHours: 168, params: { sort: 'id', 'page[size]': 100 } },
        ],
      },
    },
  ],
};
