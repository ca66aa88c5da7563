import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { importPartition, table } from '../../core/contract/storage.ts';
import { type Beginning, type Claim, claimOf, type Entry } from '../../core/imports/ledger.ts';
import { type ImportPace, takeRoom } from '../../core/imports/pace.ts';
import type { WaitBeforeAttempt } from '../streams/backoff.ts';
import { maxAttempts } from '../streams/backoff.ts';
import { batchGet, type Row } from './batch-get.ts';
import { putIf } from './conditional-put.ts';

/** Seconds for which a piece is known. S3 and EventBridge tell of an object again for some days at most. */
const pieceKnown = 90 * 24 * 3_600;

/** What became of rows. */
export const Counts = z.object({
  rows: z.number(),
  sent: z.number(),
  quarantined: z.number(),
  untold: z.number(),
  events: z.number(),
});
const Item = z.object({
  state: z.enum(['open', 'done']),
  begunAt: z.number(),
  versionId: z.string().optional(),
  origin: z.object({ file: z.string(), startedAt: z.number() }).optional(),
  position: z.number(),
  counts: Counts,
  leaseUntil: z.number(),
  version: z.number(),
});
const PaceItem = z.object({ nextAt: z.number(), version: z.number() });

/** A piece of a load, or the bytes of a file, which are known for ever. */
export type Unit =
  | { readonly sourceId: string; readonly loadId: string; readonly piece: string }
  | { readonly sourceId: string; readonly bytes: string };

const keyOf = (unit: Unit): Row =>
  'bytes' in unit
    ? { [table.partitionKey]: `${importPartition}${unit.sourceId}`, [table.sortKey]: `file#${unit.bytes}` }
    : {
        [table.partitionKey]: `${importPartition}${unit.sourceId}#${unit.loadId}`,
        [table.sortKey]: `piece#${unit.piece}`,
      };

/** Where the ledger is. */
export interface LedgerPlace {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly pause: WaitBeforeAttempt;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Remembers in the profile table how far a load is sent. If several claim one unit at once, one gets it. */
export function importLedger({ client, tableName, pause, now }: LedgerPlace) {
  async function write(unit: Unit, entry: Entry): Promise<boolean> {
    const expires = 'bytes' in unit ? {} : { [table.ttl]: Math.ceil(now() / 1_000) + pieceKnown };
    const told = Object.entries(entry).filter(([, value]) => value !== undefined);
    const item = { ...keyOf(unit), ...Object.fromEntries(told), ...expires };
    return putIf({ client, tableName }, item, entry.version === 1 ? undefined : entry.version - 1);
  }

  return {
    /** Takes a unit of work for as long as a lease lasts. */
    async claim(unit: Unit, beginning: Beginning): Promise<Claim> {
      const rows = await batchGet(client, tableName, [keyOf(unit)], pause);
      const claim = claimOf(rows[0] && Item.parse(rows[0]), now(), beginning);
      if (claim.kind !== 'mine' || (await write(unit, claim.entry))) return claim;
      return { kind: 'busy', until: claim.entry.leaseUntil };
    },
    /** Writes the next version of an entry; false if somebody else wrote one, who has the lease now. */
    write,
  };
}
export type ImportLedger = ReturnType<typeof importLedger>;

/** Somebody else took the room each time. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';
}

/** Takes room on the stream, which all imports share, and says how many milliseconds to wait for it. */
export type TakeRoom = (cost: number) => Promise<number>;

/** Makes what takes room on the stream, at most so many bytes a second for all who ask. */
export function importPace({ client, tableName, pause, now }: LedgerPlace, perSecond: number): TakeRoom {
  const key: Row = { [table.partitionKey]: `${importPartition}pace`, [table.sortKey]: 'state' };

  async function attempt(cost: number): Promise<number | undefined> {
    const [row] = await batchGet(client, tableName, [key], pause);
    const known: (ImportPace & { readonly version: number }) | undefined = PaceItem.safeParse(row).data;
    const { wait, pace } = takeRoom(known, { cost, perSecond, now: now() });
    const item = { ...key, ...pace, version: (known?.version ?? 0) + 1 };
    return (await putIf({ client, tableName }, item, known?.version)) ? wait : undefined;
  }

  return async (cost) => {
    for (let tried = 1; tried <= maxAttempts; tried++) {
      const wait = await attempt(cost);
      if (wait !== undefined) return wait;
      await pause(tried);
    }
    throw new NoRoom('other imports took the room of the stream each time');
  };
}
