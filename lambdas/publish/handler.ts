import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import * as z from 'zod';
import { MembershipChange } from '../core/delivery.ts';

export interface PublishDeps {
  /** Puts changes on the segment bus in order; says how many of them, from the first on, it took. */
  readonly send: (changes: readonly MembershipChange[]) => Promise<number>;
}

const Changes = z
  .string()
  .transform((text) => JSON.parse(text) as unknown)
  .pipe(z.array(MembershipChange.omit({ profileId: true })));

/** Turns each membership change that a profile's write recorded into an event on the segment bus, at least once, in order. */
export const createHandler =
  ({ send }: PublishDeps) =>
  async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const announced = event.Records.flatMap((record) =>
      changesIn(record).map((change) => ({ change, sequenceNumber: record.dynamodb?.SequenceNumber ?? '' })),
    );
    const firstRefused = announced[await send(announced.map(({ change }) => change))];
    return { batchItemFailures: firstRefused === undefined ? [] : [{ itemIdentifier: firstRefused.sequenceNumber }] };
  };

function changesIn({ dynamodb }: DynamoDBRecord): MembershipChange[] {
  const { changes, profileId } = dynamodb?.NewImage ?? {};
  if (changes?.S === undefined || profileId?.S === undefined) return [];
  const id = profileId.S;
  return Changes.parse(changes.S).map((change) => ({ ...change, profileId: id }));
}
