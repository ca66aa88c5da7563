import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { WaitBeforeAttempt } from '../streams/backoff.ts';
import { batchGet } from './batch-get.ts';
import { listKey } from './keys.ts';
import { happened } from './write-outcome.ts';

/** Milliseconds after which nobody is making a list any more: a function runs for half as long. */
const makingTime = 60_000;

const ListItem = z.looseObject({ listId: z.string().optional() });

/** The lists of a destination in the profile table. */
export interface ListTable {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly destinationId: string;
  readonly pause: WaitBeforeAttempt;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Remembers which lists were made in a tool, so that two functions make one list, and each only once. If a function
 * ends between making and recording, the tool has a list that nobody uses.
 */
export function audienceLists({ client, tableName, destinationId, pause, now }: ListTable) {
  const keyOf = (segment: string) => listKey(destinationId, segment);
  const find = async (segment: string): Promise<string | undefined> => {
    const [row] = await batchGet(client, tableName, [keyOf(segment)], pause);
    return ListItem.optional().parse(row)?.listId;
  };
  const put = (item: object, segment: string, condition: string, values?: Record<string, unknown>) =>
    happened(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: { ...keyOf(segment), ...item },
          ConditionExpression: condition,
          ...(values && { ExpressionAttributeValues: values }),
        }),
      ),
    );
  return {
    find,
    claim: (segment: string): Promise<boolean> =>
      put(
        { claimedAt: now() },
        segment,
        'attribute_not_exists(claimedAt) OR (attribute_not_exists(listId) AND claimedAt < :old)',
        { ':old': now() - makingTime },
      ),
    /** Records a list, unless another was recorded meanwhile. Returns the one that counts. */
    async record(segment: string, listId: string): Promise<string> {
      const recorded = await put({ claimedAt: now(), listId }, segment, 'attribute_not_exists(listId)');
      return recorded ? listId : ((await find(segment)) ?? listId);
    },
  };
}
