import fc from 'fast-check';
import { expect, it } from 'vitest';
import { platformSource } from '../../../lambdas/core/contract/signals.ts';
import type { Event } from '../../../lambdas/core/events/event.ts';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { speakerOf } from '../../../lambdas/core/profile/consent.ts';
import { liveAt } from '../../../lambdas/core/table/profile-item.ts';
import { kinesisEvent, recordOf } from '../../fakes/kinesis.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { stitchInMemory } from '../../fixtures/in-memory/stitch.ts';
import { numRuns } from '../../fixtures/laws.ts';

const users = fc.constantFrom('u1', 'u2', 'u3');
const devices = fc.constantFrom('a', 'b', 'c', 'd', 'e|f', 'g#h:i');
const consent = fc.option(
  fc.dictionary(fc.constantFrom('ads', 'a|b', 'a|user_id:u1', '100%', '%7C', '50%25', 'é:#\n'), fc.boolean(), {
    maxKeys: 2,
  }),
  { nil: undefined },
);
const stated = fc.record({
  userId: fc.option(users, { nil: undefined }),
  anonymousId: devices,
  categoryPreferences: consent,
});
const merge = fc.record({ previousId: devices, anonymousId: devices });
/** `who` names a profile of the table, `kept` what of it is not released, `more` what it is to have, too. */
const release = fc.record({ who: fc.nat(), kept: fc.nat(3), more: fc.option(devices, { nil: undefined }) });
const step = fc.oneof(
  { weight: 4, arbitrary: stated },
  { weight: 2, arbitrary: merge },
  { weight: 3, arbitrary: release },
);
const batches = fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 });

function correctionOf(
  { who, kept, more }: { who: number; kept: number; more: string | undefined },
  table: MemoryTable,
): Event[] {
  const live = table.live();
  const profile = live[who % live.length];
  if (profile === undefined) return [];
  const own = [...profile.identifiers.keys()];
  const version = table.items.get(profile.profileId)?.version;
  const leading = own[kept % own.length] as Identifier;
  const identifiers = [leading, ...(more === undefined ? [] : [`anonymous_id:${more}`])];
  const released = own.filter((id) => id !== leading);
  const properties = { identifiers, profile: { profileId: profile.profileId, version, released } };
  return [
    eventOf({
      sourceId: platformSource,
      anonymousId: 'platform',
      event: 'Profile Corrected',
      properties,
      receivedAt: minute(90),
    }),
  ];
}

let ticks = 0;
const eventIn = ({ categoryPreferences, ...ids }: Record<string, unknown>): Event =>
  eventOf({
    ...('previousId' in ids ? { type: 'alias' } : {}),
    ...ids,
    timestamp: minute(++ticks % 60),
    context: categoryPreferences === undefined ? {} : { consent: { categoryPreferences } },
  });

function flawsOf(table: MemoryTable): string[] {
  const holders = table
    .live()
    .flatMap(({ profileId, identifiers }) => [...identifiers.keys()].map((id) => [id, profileId] as const));
  const speakers = table
    .live()
    .flatMap(({ identifiers, consent: all }) => [...all.keys()].filter((key) => !identifiers.has(speakerOf(key))));
  return [
    ...holders
      .filter(([id], n) => holders.findIndex(([other]) => other === id) !== n)
      .map(([id]) => `${id} is of two profiles`),
    ...holders
      .filter(([id, profileId]) => liveAt(table.owners.get(id) ?? '', table.items)?.profile.profileId !== profileId)
      .map(([id]) => `the owner of ${id} is another`),
    ...[...table.owners.keys()]
      .filter((id) => !holders.some(([held]) => held === id))
      .map((id) => `${id} is of nobody who lives`),
    ...speakers.map((key) => `what was said under ${key} stayed`),
  ];
}

it('gives every identifier one owner, with what was said under it, whatever is released, merged and said in one batch', () =>
  fc.assert(
    fc.asyncProperty(batches, async (plan) => {
      const table = new MemoryTable();
      const { handler, quarantined, warnings } = stitchInMemory(table, { config: configOf() });
      let events = 0;
      for (const steps of plan) {
        const batch = steps.flatMap((one) => ('who' in one ? correctionOf(one, table) : [eventIn(one)]));
        events += batch.filter(({ sourceId }) => sourceId !== platformSource).length;
        expect(await handler(kinesisEvent([recordOf(batch)]))).toEqual({ batchItemFailures: [] });
        expect(flawsOf(table)).toEqual([]);
        expect(table.live().reduce((sum, { eventCount }) => sum + eventCount, 0)).toBe(events);
      }
      expect([quarantined, warnings]).toEqual([[], []]);
    }),
    { numRuns: numRuns(1_000) },
  ));
