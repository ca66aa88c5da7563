import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import * as z from 'zod';
import type { PutLines } from '../adapters/delivery-stream.ts';
import { table } from '../core/contract.ts';
import { MembershipChange } from '../core/delivery.ts';
import { packLines } from '../core/record.ts';

export interface PublishDeps {
  /** Appends to the identity log; once it says `ok` the lines are safe. */
  readonly append: PutLines;
  /** Puts changes on the segment bus in order; says how many of them, from the first on, it took. */
  readonly send: (changes: readonly MembershipChange[]) => Promise<number>;
}

const list = <T extends z.ZodType>(entry: T) =>
  z
    .string()
    .transform((text) => JSON.parse(text) as unknown)
    .pipe(z.array(entry));
const Changes = list(MembershipChange.omit({ profileId: true }));
const Log = list(z.looseObject({ kind: z.string() }));

/**
 * Says what a profile's write recorded, at least once and in order: decisions about identity to the log in the lake, changes of
 * membership to the segment bus. What one of them does not take, the stream brings back; so it does a record that cannot be read, until it is
 * given up and kept, and all others are told meanwhile.
 */
export const createHandler =
  ({ append, send }: PublishDeps) =>
  async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const read = Records.map((record) => ({ said: newsIn(record), sequenceNumber: sequenceNumberOf(record) }));
    const appended = await append(packLines(read.flatMap(({ said }) => said?.log ?? []).map((entry) => ({ json: JSON.stringify(entry) }))));
    // To the very first, for writes before the first decision may have changed membership, which nobody has announced yet.
    if (!appended.ok) return goBackTo(read[0]?.sequenceNumber);
    const announced = read.flatMap(({ said, sequenceNumber }) => (said?.changes ?? []).map((change) => ({ change, sequenceNumber })));
    const untold = announced[await send(announced.map(({ change }) => change))]?.sequenceNumber;
    return goBackTo(read.find(({ said, sequenceNumber }) => said === undefined || sequenceNumber === untold)?.sequenceNumber);
  };

const goBackTo = (itemIdentifier: string | undefined): DynamoDBBatchResponse => ({
  batchItemFailures: itemIdentifier === undefined ? [] : [{ itemIdentifier }],
});

const sequenceNumberOf = ({ dynamodb }: DynamoDBRecord): string => dynamodb?.SequenceNumber ?? '';

/** What a record says; undefined where it cannot be read. */
function newsIn(record: DynamoDBRecord): { readonly log: readonly unknown[]; readonly changes: readonly MembershipChange[] } | undefined {
  try {
    return { log: logIn(record), changes: changesIn(record) };
  } catch {
    return undefined;
  }
}

const logIn = ({ dynamodb }: DynamoDBRecord): unknown[] => Log.parse(dynamodb?.NewImage?.[table.log]?.S ?? '[]');

function changesIn({ dynamodb }: DynamoDBRecord): MembershipChange[] {
  const profileId = dynamodb?.NewImage?.profileId?.S;
  const changes = Changes.parse(dynamodb?.NewImage?.[table.changes]?.S ?? '[]');
  return profileId === undefined ? [] : changes.map((change) => ({ ...change, profileId }));
}
