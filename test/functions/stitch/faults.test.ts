import fc from 'fast-check';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Event } from '../../../lambdas/core/events/event.ts';
import { EventFault, faultReason } from '../../../lambdas/core/events/event-fault.ts';
import { markOf } from '../../../lambdas/core/profile/message-key.ts';
import { hasApplied, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { kinesisEvent, recordOf } from '../../fakes/kinesis.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { stitchInMemory } from '../../fixtures/in-memory/stitch.ts';

const places = ['sight', 'place', 'apply', 'join', 'segment', 'plan', 'pack', 'read'] as const;
type Place = (typeof places)[number];

/** Where the core throws on a marked event; nowhere while it is undefined. */
const fault = vi.hoisted(() => ({ at: undefined as string | undefined }));
const markedAt = '2026-05-01T23:59:59.000Z';

/** What the core throws: as it may be, with words of the event in it. */
const thrown = () => new TypeError("reading 'ann@example.org' of kiosk-device-7 at +49 151 2345678 is not iterable");
const throwAt = vi.hoisted(() => (place: string, marked: boolean) => {
  if (marked && fault.at === place) throw thrown();
});

vi.mock('../../../lambdas/core/identifiers/identifier.ts', async (original) => {
  const real = await original<typeof import('../../../lambdas/core/identifiers/identifier.ts')>();
  const identifiersOf: typeof real.identifiersOf = (event, ...rest) => {
    throwAt('sight', event.receivedAt === markedAt);
    return real.identifiersOf(event, ...rest);
  };
  return { ...real, identifiersOf };
});
vi.mock('../../../lambdas/core/stitching/placement/placement.ts', async (original) => {
  const real = await original<typeof import('../../../lambdas/core/stitching/placement/placement.ts')>();
  const place: typeof real.place = (placing, ...rest) => {
    throwAt('place', placing.receivedAt === markedAt);
    return real.place(placing, ...rest);
  };
  return { ...real, place };
});
vi.mock('../../../lambdas/core/stitching/effects/apply-event.ts', async (original) => {
  const real = await original<typeof import('../../../lambdas/core/stitching/effects/apply-event.ts')>();
  const applyEvent: typeof real.applyEvent = (draft, event, ...rest) => {
    real.applyEvent(draft, event, ...rest);
    throwAt('apply', event.receivedAt === markedAt);
  };
  return { ...real, applyEvent };
});
vi.mock('../../../lambdas/core/profile/join.ts', async (original) => {
  const real = await original<typeof import('../../../lambdas/core/profile/join.ts')>();
  const joinProfiles: typeof real.joinProfiles = (a, b, at) => {
    throwAt('join', at === markedAt);
    return real.joinProfiles(a, b, at);
  };
  return { ...real, joinProfiles };
});
vi.mock('../../../lambdas/core/segments/membership.ts', async (original) => {
  const real = await original<typeof import('../../../lambdas/core/segments/membership.ts')>();
  const inSegments: typeof real.inSegments = (profile, ...rest) => {
    throwAt('segment', profile.traits.has('marked'));
    return real.inSegments(profile, ...rest);
  };
  return { ...real, inSegments };
});

/**
 * An event of some people of few; a marked one is the only that says its e-mail address, and names people that others
 * name, too.
 */
interface Stated {
  readonly user: number;
  readonly device: number;
  readonly group: boolean;
  readonly marked: boolean;
}
const stated = fc.record<Stated>({
  user: fc.integer({ min: 0, max: 3 }),
  device: fc.integer({ min: 0, max: 4 }),
  group: fc.boolean(),
  marked: fc.boolean(),
});

const eventStating = ({ user, device, group, marked }: Stated, n: number): Event =>
  eventOf({
    ...{
      messageId: `m${n}`,
      userId: `u${user}`,
      anonymousId: `kiosk-device-${device}`,
      timestamp: minute(n),
      receivedAt: minute(n),
    },
    ...(group && { type: 'group', groupId: `g${user}` }),
    ...(marked && {
      type: 'identify',
      receivedAt: markedAt,
      traits: { marked: true, email: `marked-${n}@example.org` },
    }),
    ...(marked && { context: { traits: { name: 'kiosk-device-7' } } }),
  });

const isMarked = ({ receivedAt }: Event): boolean => receivedAt === markedAt;

/** Gives the events to a worker in records of three; `contended` says of the first writes which are. */
async function run(events: readonly Event[], contended: readonly boolean[]) {
  const table = new MemoryTable();
  let writes = 0;
  const worker = stitchInMemory(table, {
    config: configOf({ segments: [{ key: 'marked', name: 'Marked', where: { trait: 'marked', operator: 'exists' } }] }),
    newProfileId: (createdAt, _, messageId) => {
      throwAt(
        'plan',
        events.some((event) => event.messageId === messageId && isMarked(event)),
      );
      return `${createdAt}-${table.writes}-${++writes}`;
    },
    load: async (ids) => {
      if (fault.at === 'read' && ids.some((id) => id.startsWith('email:marked'))) throw new EventFault(thrown());
      return table.load(ids);
    },
    write: async (write) => {
      if (fault.at === 'pack' && write.profile.traits.has('marked'))
        return { kind: 'refused', reason: 'cannot be packed', cause: thrown() };
      return contended[writes++] ? { kind: 'contended' } : table.write(write);
    },
  });
  const records = Array.from({ length: Math.ceil(events.length / 3) }, (_, n) =>
    recordOf(events.slice(n * 3, n * 3 + 3)),
  );
  return { ...worker, table, answer: await worker.handler(kinesisEvent(records)) };
}

const ownersOf = (people: readonly Profile[], event: Event): number =>
  people.filter((profile) => profile.collection === 'users' && hasApplied(profile, markOf(event))).length;

beforeEach(() => {
  fault.at = undefined;
});

describe.each(places)('whatever is thrown at %s', (place: Place) => {
  it('costs the event that it was thrown on, and no other', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(stated, { minLength: 1, maxLength: 24 }),
        fc.array(fc.boolean(), { maxLength: 5 }),
        async (batch, contended) => {
          const events = batch.map(eventStating);
          fault.at = place;
          const { table, answer, quarantined, counts } = await run(events, contended);
          fault.at = undefined;
          const aside = quarantined.map(({ event }) => (JSON.parse(event as string) as Event).messageId);
          expect(answer).toEqual({ batchItemFailures: [] });
          expect(new Set(aside).size).toBe(aside.length);
          // No merge or new profile may be needed where it would be thrown; everywhere else each marked event meets it.
          const [marked, others] = [events.filter(isMarked), events.filter((event) => !isMarked(event))];
          if (place === 'join' || place === 'plan')
            expect(marked.map(({ messageId }) => messageId)).toEqual(expect.arrayContaining(aside));
          else expect(aside.sort()).toEqual(marked.map(({ messageId }) => messageId).sort());
          const applied = [...others, ...marked.filter(({ messageId }) => !aside.includes(messageId))];
          expect(applied.map((event) => ownersOf(table.live(), event))).toEqual(applied.map(() => 1));
          const people = table.live().filter(({ collection }) => collection === 'users');
          expect(people.reduce((sum, { eventCount }) => sum + eventCount, 0)).toBe(applied.length);
          for (const { reason } of quarantined)
            expect(reason).toBe('could not be applied: TypeError: reading … of … at … is not iterable');
          expect(
            counts.reduce((sum: number, count) => sum + ((count as { quarantined?: number }).quarantined ?? 0), 0),
          ).toBe(aside.length);
        },
      ),
    ));
});

it('is still thrown where the store or the network fails, so that the stream brings the batch back', async () => {
  const table = new MemoryTable();
  for (const failing of ['load', 'write'] as const) {
    const { handler, quarantined } = stitchInMemory(table, {
      config: configOf(),
      [failing]: () => Promise.reject(new Error('ECONNRESET')),
    });
    await expect(handler(kinesisEvent([recordOf([eventOf({ userId: 'u1' })])]))).rejects.toThrow('ECONNRESET');
    expect(quarantined).toEqual([]);
  }
});

it.each([
  {
    thrown: new TypeError('own.values is not iterable'),
    reason: 'could not be applied: TypeError: own.values is not iterable',
  },
  {
    thrown: new SyntaxError('Unexpected token \'a\', "{"ann":"x@y.z"" is not valid JSON'),
    reason: 'could not be applied: SyntaxError: Unexpected token … is not valid JSON',
  },
  {
    thrown: new RangeError('Ann Lee is out of range 1234567'),
    reason: 'could not be applied: RangeError: … is out of range …',
  },
  { thrown: new Error(''), reason: 'could not be applied: Error' },
  { thrown: 'Ann Lee', reason: 'could not be applied: string' },
  { thrown: undefined, reason: 'could not be applied: undefined' },
])('the reason tells nothing of anybody: $reason', ({ thrown: cause, reason }) =>
  expect(faultReason(cause, { traits: { name: ' Ann Lee', tags: ['x'] } })).toBe(reason),
);
