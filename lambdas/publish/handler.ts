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
 * membership to the segment bus. What one of them does not take, the stream brings back.
 */
export const createHandler =
  ({ append, send }: PublishDeps) =>
  async ({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const decided = Records.flatMap((record) => logIn(record).map((entry) => ({ entry, sequenceNumber: sequenceNumberOf(record) })));
    const appended = await append(packLines(decided.map(({ entry }) => ({ json: JSON.stringify(entry) }))));
    // To the very first, for writes before the first decision may have changed membership, which nobody has announced yet.
    if (!appended.ok) return goBackTo(Records[0] && sequenceNumberOf(Records[0]));
    const announced = Records.flatMap((record) => changesIn(record).map((change) => ({ change, sequenceNumber: sequenceNumberOf(record) })));
    return goBackTo(announced[await send(announced.map(({ change }) => change))]?.sequenceNumber);
  };

const goBackTo = (itemIdentifier: string | undefined): DynamoDBBatchResponse => ({
  batchItemFailures: itemIdentifier === undefined ? [] : [{ itemIdentifier }],
});

const sequenceNumberOf = ({ dynamodb }: DynamoDBRecord): string => dynamodb?.SequenceNumber ?? '';

const logIn = ({ dynamodb }: DynamoDBRecord): unknown[] => Log.parse(dynamodb?.NewImage?.[table.log]?.S ?? '[]');

function changesIn({ dynamodb }: DynamoDBRecord): MembershipChange[] {
  const profileId = dynamodb?.NewImage?.profileId?.S;
  const changes = Changes.parse(dynamodb?.NewImage?.[table.changes]?.S ?? '[]');
  return profileId === undefined ? [] : changes.map((change) => ({ ...change, profileId }));
}
