import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { KeepRecord } from '../../adapters/lake/set-aside.ts';
import type { PutLines } from '../../adapters/streams/delivery-stream.ts';
import type { MembershipChange } from '../../core/destinations/audience-event.ts';
import { type News, newsIn } from '../../core/destinations/membership-news.ts';
import { packLines } from '../../core/events/stream-record.ts';

export interface PublishDeps {
  /** Appends to the identity log; once it says `ok` the lines are safe. */
  readonly append: PutLines;
  /** Puts changes on the segment bus in order; says how many of them, from the first on, it took. */
  readonly send: (changes: readonly MembershipChange[]) => Promise<number>;
  /** Keeps a record that cannot be read, whole, with the reason; once it says `ok` the record is safe. */
  readonly keep: KeepRecord;
}

/** A record of the table's stream, and what it says. */
interface Told {
  readonly record: DynamoDBRecord;
  readonly id: string;
  readonly news: News;
}

/** Records that a place took, and that come again because another place did not take theirs; more than ten thousand are not remembered. */
type Taken = Set<string>;
const mostRemembered = 10_000;

/**
 * Says what a profile's write recorded, at least once and in order: decisions about identity to the log in the lake, changes of membership to
 * the segment bus, side by side, so that neither waits for the other. A record that cannot be read is put aside by itself, and what can be read of
 * it is told. What one place does not take, the stream brings back; what the other took is not said again as long as this process remembers.
 */
export const createHandler = (deps: PublishDeps) => {
  const [logged, announced]: [Taken, Taken] = [new Set(), new Set()];
  return async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const all = Records.map((record) => ({ record, id: idOf(record), news: newsIn(record.dynamodb?.NewImage) }));
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

/** Appends the log's lines of all records; says which record is the first that the log does not have. */
async function append(all: readonly Told[], logged: Taken, deps: PublishDeps): Promise<string | undefined> {
  const open = all.filter(({ id, news }) => news.log.length > 0 && !logged.has(id));
  const { ok } = await deps.append(packLines(open.flatMap(({ news }) => news.log.map((json) => ({ json })))));
  if (!ok) return open[0]?.id;
  for (const { id } of open) logged.add(id);
  return undefined;
}

/** Announces the changes of all records in order; says which record is the first that the bus has not, or not whole. */
async function announce(all: readonly Told[], announced: Taken, { send }: PublishDeps): Promise<string | undefined> {
  const open = all.filter(({ id, news }) => news.changes.length > 0 && !announced.has(id));
  const changes = open.flatMap(({ id, news }) => news.changes.map((change) => ({ id, change })));
  const untold = changes[await send(changes.map(({ change }) => change))]?.id;
  const end = open.findIndex(({ id }) => id === untold);
  for (const { id } of end === -1 ? open : open.slice(0, end)) announced.add(id);
  return untold;
}

/** Puts aside what cannot be read; says which record is the first that is not safe. */
async function setAside(all: readonly Told[], { keep }: PublishDeps): Promise<string | undefined> {
  for (const { record, id, news } of all)
    if (news.fault !== undefined && !(await keep(record, news.fault)).ok) return id;
  return undefined;
}

/** Forgets records that do not come again, and all of them where given-up ones have piled up. */
function forget(taken: Taken, done: readonly Told[]): void {
  for (const { id } of done) taken.delete(id);
  if (taken.size > mostRemembered) taken.clear();
}

const sequenceNumberOf = ({ dynamodb }: DynamoDBRecord): string => dynamodb?.SequenceNumber ?? '';
const idOf = (record: DynamoDBRecord): string => record.eventID ?? sequenceNumberOf(record);
