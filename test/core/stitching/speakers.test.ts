import { expect, it } from 'vitest';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { stitched } from '../../fixtures/in-memory/profile-api.ts';

const call = (n: number, fields: object) => eventOf({ ...fields, timestamp: minute(n), receivedAt: minute(n) });
const ofAnn = call(1, { type: 'identify', userId: 'ann', anonymousId: 'phone' });
const ofBob = call(2, { type: 'identify', userId: 'bob', anonymousId: 'tablet', traits: { email: 'bob@example.com' } });

/** Who says what a call of Ann says of consent, which may name what is Bob's. */
it.each([
  { named: 'her device', anonymousId: 'phone', speaker: 'anonymous_id:phone' },
  { named: 'a device that nobody has', anonymousId: 'watch', speaker: 'anonymous_id:watch' },
  { named: 'his device', anonymousId: 'tablet', speaker: '~user_id:ann' },
  { named: 'his address alone', anonymousId: undefined, email: 'bob@example.com', speaker: '~user_id:ann' },
  {
    named: 'his address and her device',
    anonymousId: 'phone',
    email: 'bob@example.com',
    speaker: 'anonymous_id:phone',
  },
  {
    named: 'his address and a device that nobody has',
    anonymousId: 'watch',
    email: 'bob@example.com',
    speaker: '~user_id:ann',
  },
  { named: 'his address and his device', anonymousId: 'tablet', email: 'bob@example.com', speaker: '~user_id:ann' },
])('$named: $speaker', async ({ anonymousId, email, speaker }) => {
  const context = { consent: { categoryPreferences: { ads: false } } };
  const said = call(3, { type: 'identify', userId: 'ann', anonymousId, context, ...(email && { traits: { email } }) });
  const people = (await stitched([ofAnn, ofBob, said], configOf())).live();
  const ann = people.find(({ identifiers }) => identifiers.has('user_id:ann'));
  expect(people).toHaveLength(2);
  expect([...(ann?.consent.keys() ?? [])]).toEqual([`ads|${speaker}`]);
});
