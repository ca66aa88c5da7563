import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packItem } from '../../../lambdas/adapters/dynamodb/packed-items.ts';
import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import type { Event } from '../../../lambdas/core/events/event.ts';
import type { IdentityLogEntry } from '../../../lambdas/core/stitching/batch/identity-log.ts';
import type { ProfileWrite } from '../../../lambdas/core/stitching/profile-write.ts';
import { toProfileItem } from '../../../lambdas/core/table/profile-item.ts';
import { kinesisEvent, recordOf } from '../../fakes/kinesis.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { stitchInMemory } from '../../fixtures/in-memory/stitch.ts';

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/**
 * Stitches events in one batch; gives the writes, and the largest item among them as it is stored and as it would lie
 * unpacked.
 */
async function stitched(events: readonly Event[], config: CdpConfig = configOf()) {
  const table = new MemoryTable();
  const writes: ProfileWrite[] = [];
  const worker = stitchInMemory(table, {
    config,
    write: async (write) => {
      writes.push(write);
      return table.write(write);
    },
  });
  expect(await worker.handler(kinesisEvent([recordOf(events)]))).toEqual({ batchItemFailures: [] });
  const items = writes.map((write) => packItem(toProfileItem(write.profile, 1, write)));
  return {
    ...worker,
    table,
    writes,
    log: writes.flatMap((write) => write.log),
    largest: Math.max(...items.map((item) => bytesOf(item.log ?? ''))),
  };
}

const counted = (log: readonly IdentityLogEntry[], kind: string) =>
  log
    .filter((entry) => entry.kind === kind)
    .map(({ identifier, rule, times = 1, messageId }) => ({ identifier, rule, times, messageId }));

const events = (count: number, fields: (n: number) => object): Event[] =>
  Array.from({ length: count }, (_, n) =>
    eventOf({ messageId: `m${n}`, timestamp: minute(n), receivedAt: minute(n), ...fields(n) }),
  );

describe.each([1, 2, 500, 1_500])('%i events of one batch', (count) => {
  it('that all lose one device are told in one line', async () => {
    const owner = eventOf({ messageId: 'owner', userId: 'ann', anonymousId: 'kiosk', receivedAt: minute(0) });
    const { log, writes, largest } = await stitched([
      owner,
      ...events(count, () => ({ userId: 'bob', anonymousId: 'kiosk' })),
    ]);
    expect(counted(log, 'drop')).toEqual([
      { identifier: 'anonymous_id:kiosk', rule: 'limit user_id 1 ever', times: count, messageId: 'm0' },
    ]);
    expect({ writes: writes.length, small: largest < 2_000 }).toEqual({ writes: 2, small: true });
  });

  it('that all say one blocked value are told in one line', async () => {
    const { log, writes } = await stitched(events(count, () => ({ userId: 'bob', anonymousId: 'null' })));
    expect(counted(log, 'block')).toEqual([
      { identifier: 'anonymous_id:null', rule: undefined, times: count, messageId: 'm0' },
    ]);
    expect(writes).toHaveLength(1);
  });

  it('that each lose a device of its own are told in a line each, by few writes of bounded size', async () => {
    const { log, writes, table, largest } = await stitched(
      events(count, (n) => ({ userId: 'bob', anonymousId: `device-${n}` })),
    );
    expect(counted(log, 'drop')).toHaveLength(Math.max(0, count - 5));
    expect(table.live().map(({ eventCount }) => eventCount)).toEqual([count]);
    expect(largest).toBeLessThan(50_000);
    expect(writes.length).toBeLessThanOrEqual(1 + count / 50);
  });
});

it('counts every decision, whoever is dropped or blocked how often', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          user: fc.integer({ max: 3, min: 0 }),
          device: fc.integer({ max: 2, min: 0 }),
          blocked: fc.boolean(),
        }),
        { maxLength: 60 },
      ),
      async (stated) => {
        const batch = stated.map(({ user, device, blocked }, n) =>
          eventOf({
            messageId: `m${n}`,
            userId: `u${user}`,
            anonymousId: blocked ? 'null' : `d${device}`,
            receivedAt: minute(n),
            timestamp: minute(n),
          }),
        );
        const { log, table } = await stitched(batch);
        const kept = log.filter(({ kind }) => kind === 'drop' || kind === 'block');
        const keys = kept.map(({ kind, identifier, rule, profileId }) =>
          JSON.stringify([kind, identifier, rule, profileId]),
        );
        expect(new Set(keys).size).toBe(keys.length);
        const blocks = kept.filter(({ kind }) => kind === 'block').reduce((sum, { times = 1 }) => sum + times, 0);
        expect(blocks).toBe(stated.filter(({ blocked }) => blocked).length);
        // Whoever is not its owner loses the device, at each event that says it.
        const owns = ({ user, device }: { user: number; device: number }) =>
          table
            .live()
            .some(
              ({ identifiers }) => identifiers.has(`user_id:u${user}`) && identifiers.has(`anonymous_id:d${device}`),
            );
        const drops = kept.filter(({ kind }) => kind === 'drop').reduce((sum, { times = 1 }) => sum + times, 0);
        expect(drops).toBe(stated.filter((one) => !one.blocked && !owns(one)).length);
      },
    ),
  ));
