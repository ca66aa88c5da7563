import { config } from '../../cdp.config.ts';
import { parseConfig } from '../../lambdas/core/config/config.ts';
import { purposesOf } from '../../lambdas/core/consent/purpose.ts';
import type { Event } from '../../lambdas/core/events/event.ts';
import { permits } from '../../lambdas/core/profile/consent.ts';
import { byTrust } from '../../lambdas/core/profile/known-as.ts';
import type { Profile } from '../../lambdas/core/profile/profile.ts';
import { createHandler } from '../../lambdas/functions/stitch/handler.ts';
import type { Delivered } from '../../local/demo/findings/deliveries.ts';
import type { Measured } from '../../local/demo/findings/findings.ts';
import type { LakePerson } from '../../local/demo/findings/lake-tables.ts';
import type { Call } from '../../local/demo/shop/calls.ts';
import type { Script } from '../../local/demo/shop/script.ts';
import { kinesisEvent, recordOf } from '../fakes/kinesis.ts';
import { MemoryTable } from '../fakes/memory-table.ts';
import { tendInMemory } from '../fixtures/in-memory/tend.ts';

const recordsPerBatch = 10;

/** The day on which the shop's calls are received. */
export const receiptDay = Date.UTC(2026, 2, 14, 15, 9);

/**
 * Runs a script's phases through the real stitch handler over a table in memory, lets tend wake who is due at a time,
 * if there is one, and reads off what the stores would hold.
 */
export async function playInMemory(
  { phases }: Pick<Script, 'phases'>,
  received = receiptDay,
  wokenAt?: number,
): Promise<Measured> {
  const table = new MemoryTable();
  const deliveries: Delivered[] = [];
  const advertised: Delivered[] = [];
  const write = telling(table, deliveries, advertised);
  const stitch = stitchInto(table, write);
  const records = phases.flatMap(({ requests }) => requests.map(({ calls }) => calls.map(stampedAt(received))));
  for (let at = 0; at < records.length; at += recordsPerBatch) {
    const { batchItemFailures } = await stitch(kinesisEvent(records.slice(at, at + recordsPerBatch).map(recordOf), at));
    if (batchItemFailures.length > 0) throw new Error('the table in memory must not be contended');
  }
  if (wokenAt !== undefined) await tendInMemory(table, { config: cdp, write, now: () => wokenAt });
  const events = records.flat();
  const live = table.live();
  return {
    accepted: events.length,
    rawZone: { ids: events.map(({ messageId }) => messageId), imported: new Map() },
    profiles: { live, tombstones: [...table.items.values()].filter(({ kind }) => kind === 'tombstone').length },
    deliveries,
    advertised,
    lake: {
      events: new Set(events.map(({ messageId }) => messageId)).size,
      rejected: 0,
      customers: live.length,
      people: live.map(inLake),
    },
    systems: { rows: 0, bad: 0, accepted: 0, refused: 0, records: new Map() },
  };
}

/** The lake has no part in this: it says what the table says. */
const inLake = ({ profileId, eventCount, identifiers, traits, segments }: Profile): LakePerson => ({
  profileId,
  eventCount,
  identifiers: [...identifiers.keys()],
  traits: Object.fromEntries([...traits].flatMap(([name, { value }]) => (value === null ? [] : [[name, value]]))),
  segments: [...segments.keys()],
});

const cdp = parseConfig(config);

const ads = cdp.destinations.find(({ id }) => id === 'ads');

/** Writes profiles, and tells what changes: the advertising tool only of those who consented, and of its segment. */
const telling =
  (table: MemoryTable, deliveries: Delivered[], advertised: Delivered[]): MemoryTable['write'] =>
  (write) => {
    const who = byTrust(write.profile, cdp.identity)[0]?.replace(/^[^:]*:/, '') ?? '';
    const told = write.changes.map(({ segment, change }) => ({
      ...{ who, segment, change, body: {}, receivedAt: 0 },
      messageId: `${who} ${segment} ${change}`,
    }));
    deliveries.push(...told);
    if (permits(write.profile, { purposes: purposesOf(ads?.uses ?? [], cdp.purposes) }))
      advertised.push(...told.filter(({ segment }) => ads?.segments.includes(segment)));
    return table.write(write);
  };

function stitchInto(table: MemoryTable, write: MemoryTable['write']) {
  let made = 0;
  return createHandler({
    config: cdp,
    registry: async () => undefined,
    load: table.load,
    write,
    release: table.release,
    quarantine: async () => ({ ok: false, reason: 'failed', error: 'nothing of the demo belongs in quarantine' }),
    append: async () => ({ ok: false, reason: 'failed', error: 'nothing here passes a cap' }),
    newProfileId: (createdAt) => `${createdAt}-${++made}`,
    pause: async () => {},
    count: () => {},
    countSuppressed: () => {},
    warn: () => {},
  });
}

/** As collect puts it on the stream. */
const stampedAt =
  (received: number) =>
  ({ about: _, at, ...call }: Call): Event => ({
    ...call,
    timestamp: new Date(at).toISOString(),
    receivedAt: new Date(received).toISOString(),
    sourceId: 'storefront',
  });
