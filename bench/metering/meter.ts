import { dueIndex } from '../../lambdas/core/contract/storage.ts';
import type { Item } from '../../test/fakes/condition-expression.ts';
import { itemSize, readUnits, writeUnits } from '../../test/fakes/item-size.ts';
import type { Listener } from '../../test/fakes/memory-dynamodb.ts';
import { prices, type Unit } from './prices.ts';

export const gigabyte = 2 ** 30;

const firehoseStep = 5 * 1024;
/** Gigabytes that Firehose bills for a record of so many bytes: it rounds up to 5 KB. */
export const firehoseGigabytes = (bytes: number): number => (Math.ceil(bytes / firehoseStep) * firehoseStep) / gigabyte;

/** Counts billable units, each under the part of the platform that spends it. */
export class Meter {
  private readonly counts = new Map<string, number>();

  count(part: string, unit: Unit, number: number): void {
    const key = `${part}|${unit}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + number);
  }

  clear(): void {
    this.counts.clear();
  }

  /** What was spent, per million of `events`, dearest first. */
  bill(events: number): Bill {
    const lines = [...this.counts].map(([key, number]): BillLine => {
      const [part = '', unit] = key.split('|') as [string, Unit];
      const perMillion = (number / events) * 1e6;
      return { part, unit, unitsPerMillion: perMillion, dollars: perMillion * prices[unit].dollars };
    });
    return new Bill(lines.filter(({ unitsPerMillion }) => unitsPerMillion > 0).sort((a, b) => b.dollars - a.dollars));
  }
}

/** One unit of one part of the platform, per million events. */
interface BillLine {
  readonly part: string;
  readonly unit: Unit;
  readonly unitsPerMillion: number;
  readonly dollars: number;
}

/** What a million events cost. */
export class Bill {
  readonly lines: readonly BillLine[];

  constructor(lines: readonly BillLine[]) {
    this.lines = lines;
  }

  /** Dollars of these units, or of all. */
  dollars(...units: readonly Unit[]): number {
    const chosen = units.length === 0 ? this.lines : this.lines.filter(({ unit }) => units.includes(unit));
    return chosen.reduce((sum, line) => sum + line.dollars, 0);
  }

  units(unit: Unit): number {
    return this.lines.reduce((sum, line) => sum + (line.unit === unit ? line.unitsPerMillion : 0), 0);
  }
}

/**
 * What DynamoDB bills: a write for the larger of an item before and after, twice in a transaction, once more for each
 * index on its table, and the writes of the due index.
 */
export const dynamoListener = (
  meter: Meter,
  part: string,
  indexes: Readonly<Record<string, number>> = {},
): Listener => ({
  read: (_, item) => meter.count(part, 'dynamoRead', readUnits(item === undefined ? 0 : itemSize(item))),
  write: (tableName, before, after, inTransaction) => {
    const units = writeUnits(Math.max(itemSize(after), before === undefined ? 0 : itemSize(before)));
    meter.count(part, 'dynamoWrite', units * (inTransaction ? 2 : 1) + (indexes[tableName] ?? 0));
    meter.count(`${part}, due index`, 'dynamoWrite', indexWrites(before, after));
  },
  // Half a unit, because an index answers eventually consistent.
  look: (entries) => {
    const bytes = entries.reduce((sum, entry) => sum + itemSize(entry), 0);
    meter.count(part, 'dynamoRead', readUnits(bytes) / 2);
  },
  call: () => {},
});

/** Writes of the due index: one for an entry that comes or goes, two for one that moves, none for one that stays. */
export function indexWrites(before: Item | undefined, after: Item): number {
  const [old, now] = [entryOf(before), entryOf(after)];
  return old === now ? 0 : Number(old !== undefined) + Number(now !== undefined);
}

const entryOf = (item: Item | undefined): string | undefined =>
  item?.[dueIndex.at] === undefined ? undefined : `${item[dueIndex.shard]} ${item[dueIndex.at]}`;
