import { describe, expect, it } from 'vitest';
import { journey, people } from '../fixtures/in-memory/journey.ts';
import { users } from '../fixtures/in-memory/profile-api.ts';

describe('people', () => {
  const identify = (ids: object, traits: object = {}) => ({ type: 'identify', ...ids, traits });
  const page = (ids: object) => ({ type: 'page', ...ids });
  it.each([
    {
      name: 'who log in one after the other without a reset stay two, and the device with the first',
      events: [
        page({ anonymousId: 'd' }),
        identify({ anonymousId: 'd', userId: 'u1' }),
        identify({ anonymousId: 'd', userId: 'u2' }),
        page({ anonymousId: 'd' }),
      ],
      expected: [['anonymous_id:d', 'user_id:u1'], ['user_id:u2']],
      counts: { 'user_id:u1': 3, 'user_id:u2': 1 },
    },
    {
      name: 'who share an address stay two, and it leads to the first',
      events: [
        identify({ userId: 'u1' }, { email: 'f@x.example' }),
        identify({ userId: 'u2' }, { email: 'F@x.example' }),
        identify({ anonymousId: 'd' }, { email: 'f@x.example' }),
      ],
      expected: [['anonymous_id:d', 'email:f@x.example', 'user_id:u1'], ['user_id:u2']],
      counts: { 'user_id:u1': 2, 'user_id:u2': 1, 'email:f@x.example': 2 },
    },
    {
      name: 'who alias a device that two used stay two',
      events: [identify({ anonymousId: 'd', userId: 'u1' }), { type: 'alias', userId: 'u2', previousId: 'd' }],
      expected: [['anonymous_id:d', 'user_id:u1'], ['user_id:u2']],
      counts: { 'user_id:u1': 1, 'user_id:u2': 1 },
    },
    {
      name: 'of numeric ids are known by their digits',
      events: [
        page({ userId: 7 }),
        page({ userId: '7' }),
        page({ userId: ' 7 ' }),
        page({ userId: 7.5 }),
        page({ userId: -7 }),
      ],
      expected: [['user_id:-7'], ['user_id:7'], ['user_id:7.5']],
      counts: { 'user_id:7': 3 },
    },
    {
      name: 'of blank ids are known by what else is said',
      events: ['', ' ', '\t\n', '\u00a0', null, 0, -0, '-1', 'null', '00000000-0000-0000-0000-000000000000'].map(
        (userId) => page({ userId, anonymousId: 'd' }),
      ),
      expected: [['anonymous_id:d']],
      counts: { 'anonymous_id:d': 10 },
    },
  ])('$name', async ({ events, expected, counts }) => {
    const gone = await journey(events);
    expect(gone).toMatchObject({ answer: { body: { success: true } }, quarantined: [], refused: [] });
    expect(people(gone.table)).toEqual(expected);
    for (const [address, count] of Object.entries(counts))
      expect(
        (await gone.get(`${users}/${encodeURIComponent(address)}/metadata?verbose=true`)).body.metadata.event_count,
      ).toBe(count);
  });
});
