import { expect, it } from 'vitest';
import { CountedProfiles } from '../../../lambdas/core/operations/table-census.ts';
import { newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { eventOf, minute } from '../../fixtures/events.ts';

const seen = { first: minute(0), last: minute(0), linked: minute(0) };
const profile = (
  id: string,
  identifiers: readonly `${string}:${string}`[],
  fields: Partial<Profile> = {},
): Profile => ({
  ...newProfile(id, eventOf({ userId: 'u' })),
  identifiers: new Map(identifiers.map((each) => [each, seen])),
  eventCount: 2,
  ...fields,
});
const trait = (value: unknown, messageId = 'm') => ({ value, messageId, timestamp: minute(0), sourceId: 'shop' });

it('counts a table, and says how the profiles of another are the same, whatever their ids, order and versions', () => {
  const counted = new CountedProfiles();
  const traits = new Map([
    ['plan', trait('pro')],
    ['city', trait('Rome')],
  ] as const);
  for (const one of [
    profile('p1', ['user_id:a', 'email:a'], {
      traits,
      segments: new Map([['pro', minute(1)]]),
      merged: new Map([['p9', minute(1)]]),
    }),
    profile('p2', ['user_id:b']),
    profile('p3', ['user_id:c'], {
      eventCount: 5,
      segments: new Map([
        ['b', minute(1)],
        ['a', minute(1)],
      ]),
    }),
    profile('p4', ['user_id:d']),
    profile('acc', ['group_id:a'], { collection: 'accounts' }),
  ])
    counted.count(one);
  expect(counted.census).toEqual({ people: 4, accounts: 1, events: 13, merges: 1 });
  for (const one of [
    profile('x1', ['email:a', 'user_id:a'], {
      traits: new Map([...traits].reverse().map(([name, { value }]) => [name, trait(value, 'n')])),
      segments: new Map([['pro', minute(7)]]),
    }),
    profile('x2', ['user_id:b', 'user_id:z'], { traits, segments: new Map([['pro', minute(1)]]) }),
    profile('x3', ['user_id:c'], {
      eventCount: 6,
      segments: new Map([
        ['a', minute(1)],
        ['b', minute(1)],
      ]),
    }),
    profile('x5', ['user_id:e']),
    profile('x6', ['user_id:a']),
    profile('acc', ['user_id:d'], { collection: 'accounts' }),
  ])
    counted.compare(one);
  expect(counted.comparison).toEqual({
    same: 1,
    differing: { identifiers: 1, traits: 1, segments: 1, eventCount: 1 },
    onlyThere: 3,
    onlyHere: 2,
  });
});
