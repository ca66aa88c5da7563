import { DynamoDBServiceException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';

/** What a transaction says of each of its items when it is cancelled. */
export interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
}

/** An error as the SDK throws it for an answer of DynamoDB. */
export const tableError = (name: string, message = name): DynamoDBServiceException =>
  new DynamoDBServiceException({ name, message, $fault: 'client', $metadata: {} });

export const cancelled = (reasons: readonly CancellationReason[]): TransactionCanceledException =>
  new TransactionCanceledException({
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
    $metadata: {},
    CancellationReasons: [...reasons],
  });

/** The connection broke: whether the service did what it was asked nobody knows. */
export class NoAnswer extends Error {
  override readonly name = 'TimeoutError';
}
