import { expect, it } from 'vitest';
import type { Event } from '../../lambdas/core/events/event.ts';
import type { Identifier } from '../../lambdas/core/identifiers/identifier.ts';
import { sight } from '../../lambdas/core/stitching/batch/sighting.ts';
import type { StoredProfile } from '../../lambdas/core/stitching/batch/snapshot.ts';
import { planStitch } from '../../lambdas/core/stitching/plan.ts';
import { describeProfile } from './checkers/described.ts';
import { expectedProfiles } from './checkers/oracle.ts';
import { type Message, someMessage, sourceOf } from './people/message.ts';
import { somePeople } from './people/people.ts';
import { rules } from './people/settings.ts';
import { seededChance } from './running/chance.ts';

/** Everything that is stored: who owns an identifier, wherever merges have led it, and the live profiles. */
interface State {
  readonly owners: ReadonlyMap<Identifier, string>;
  readonly live: ReadonlyMap<string, StoredProfile>;
}

const config = rules.boundless;

/** The state after one more event, the one before it left as it was. */
function apply({ owners, live }: State, event: Event): State {
  const sightings = sight([event], config).filter(({ identifiers }) => identifiers.length > 0);
  const named = sightings.flatMap(({ identifiers }) => identifiers);
  const snapshot = new Map(
    named
      .flatMap((id) => [[id, live.get(owners.get(id) ?? '')] as const])
      .filter((entry): entry is [Identifier, StoredProfile] => entry[1] !== undefined),
  );
  const { writes } = planStitch(
    sightings,
    snapshot,
    config,
    (createdAt, collection) => `${collection} ${createdAt} ${event.messageId}`,
  );
  const after = { owners: new Map(owners), live: new Map(live) };
  for (const { profile, version, absorbed } of writes) {
    for (const lost of absorbed) after.live.delete(lost.profile.profileId);
    after.live.set(profile.profileId, { profile, version: (version ?? 0) + 1 });
    for (const id of profile.identifiers.keys()) after.owners.set(id, profile.profileId);
  }
  return after;
}

const describeAll = ({ live }: State): string =>
  [...live.values()]
    .map(({ profile }) => describeProfile(profile))
    .sort()
    .join('\n');

const received = ({ call, truth }: Message, n: number): Event =>
  ({
    ...call,
    receivedAt: new Date(Date.UTC(2026, 4, 1, 12, 0, n % 3)).toISOString(),
    sourceId: sourceOf(truth.messageId),
  }) as Event;

/** Of eight events every set of up to six, in every order: 28,960 arrivals, each compared with the oracle. */
it.each([1, 2, 3])('every order of arrival makes the same profiles, seed %i', (seed) => {
  const chance = seededChance(seed);
  const people = somePeople(chance, 2);
  const messages = Array.from({ length: 8 }, (_, n) => someMessage(`m${n}`, people, chance));
  const expected = new Map<number, string>();
  const expectedOf = (set: number): string => {
    const known = expected.get(set);
    if (known !== undefined) return known;
    const named = messages
      .filter(({ truth }, n) => (set >> n) % 2 === 1 && truth.identifiers.length > 0)
      .map(({ truth }) => truth);
    const text = expectedProfiles(named)
      .map((profile) => JSON.stringify(profile))
      .sort()
      .join('\n');
    expected.set(set, text);
    return text;
  };
  let arrivals = 0;
  const explore = (state: State, set: number, depth: number): void => {
    for (const [n, message] of messages.entries()) {
      if ((set >> n) % 2 === 1) continue;
      const next = apply(state, received(message, n));
      arrivals += 1;
      if (describeAll(next) !== expectedOf(set | (1 << n))) expect(describeAll(next)).toBe(expectedOf(set | (1 << n)));
      if (depth < 6) explore(next, set | (1 << n), depth + 1);
    }
  };
  explore({ owners: new Map(), live: new Map() }, 0, 1);
  expect(arrivals).toBe(28_960);
});
