import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { KeepRecord } from '../../adapters/lake/set-aside.ts';
import type { PutLines } from '../../adapters/streams/delivery-stream.ts';
import type { ProfileChange } from '../../core/destinations/announcement.ts';
import { type News, newsIn } from '../../core/destinations/membership-news.ts';
import { packLines } from '../../core/events/stream-record.ts';

/** Everything that publish works with. */
interface PublishDeps {
  /** Appends to the identity log. After `ok` the lines are safe. */
  readonly append: PutLines;
  /** Puts changes on the segment bus in order. Returns how many it took, counted from the first. */
  readonly send: (changes: readonly ProfileChange[]) => Promise<number>;
  /** Keeps a record that cannot be read, whole, with the reason. After `ok` the record is safe. */
  readonly keep: KeepRecord;
}

/** A record of the table's stream, and its news. */
interface Told {
  readonly record: DynamoDBRecord;
  readonly id: string;
  readonly news: News;
}

/**
 * Records that one place took and that come again because the other place did not. At most ten thousand are remembered.
 */
type Taken = Set<string>;
const mostRemembered = 10_000;

/**
 * Passes on the news of each profile's write, at least once and in order: decisions about identity to the log in the
 * lake, changes of membership to the segment bus. The two run side by side. A record that cannot be read is put aside
 * by itself, and its readable part is passed on. The stream delivers again what one place did not take. This process
 * remembers what the other place took, and does not repeat it.
 */
export const createHandler = (deps: PublishDeps) => {
  const logged: Taken = new Set();
  const announced: Taken = new Set();
  return async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const all = Records.map((record) => ({ record, id: idOf(record), news: newsIn(record.dynamodb) }));
    const open = await Promise.all([append(all, logged, deps), announce(all, announced, deps), setAside(all, deps)]);
    const first = all.findIndex(({ id }) => open.includes(id));
    const done = first === -1 ? all : all.slice(0, first);
    for (const taken of [logged, announced]) forget(taken, done);
    return {
      batchItemFailures: Records.slice(done.length, done.length + 1).map((record) => ({
        itemIdentifier: sequenceNumberOf(record),
      })),
    };
  };
};

/** Appends the log lines of all records. Returns the first record that the log does not have. */
async function append(all: readonly Told[], logged: Taken, deps: PublishDeps): Promise<string | undefined> {
  const open = all.filter(({ id, news }) => news.log.length > 0 && !logged.has(id));
  const { ok } = await deps.append(packLines(open.flatMap(({ news }) => news.log.map((json) => ({ json })))));
  if (!ok) return open[0]?.id;
  for (const { id } of open) logged.add(id);
  return undefined;
}

/** Announces the changes of all records in order. Returns the first record with a change that the bus does not have. */
async function announce(all: readonly Told[], announced: Taken, { send }: PublishDeps): Promise<string | undefined> {
  const open = all.filter(({ id, news }) => news.changes.length > 0 && !announced.has(id));
  const changes = open.flatMap(({ id, news }) => news.changes.map((change) => ({ id, change })));
  const untold = changes[await send(changes.map(({ change }) => change))]?.id;
  const end = open.findIndex(({ id }) => id === untold);
  for (const { id } of end === -1 ? open : open.slice(0, end)) announced.add(id);
  return untold;
}

/** Puts aside records that cannot be read. Returns the first record that is not safe. */
async function setAside(all: readonly Told[], { keep }: PublishDeps): Promise<string | undefined> {
  for (const { record, id, news } of all)
    if (news.fault !== undefined && !(await keep(record, news.fault)).ok) return id;
  return undefined;
}

/** Forgets records that do not come again. It forgets all of them when too many have piled up. */
function forget(taken: Taken, done: readonly Told[]): void {
  for (const { id } of done) taken.delete(id);
  if (taken.size > mostRemembered) taken.clear();
}

const sequenceNumberOf = ({ dynamodb }: DynamoDBRecord): string => dynamodb?.SequenceNumber ?? '';
const idOf = (record: DynamoDBRecord): string => record.eventID ?? sequenceNumberOf(record);
