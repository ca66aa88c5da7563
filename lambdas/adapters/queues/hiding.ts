import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** A message of a queue that is to be hidden, and who waits until it is. */
interface Waiting {
  readonly ReceiptHandle: string;
  readonly VisibilityTimeout: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Most messages in one request. */
const perRequest = 10;

/** SQS did not hide a message, for the reason that is the name. */
class NotHidden extends Error {
  constructor(code: string) {
    super('SQS did not hide a message');
    this.name = code;
  }
}

/** Returns what hides a message for some seconds. Messages that are hidden at the same time share a request. */
export function hiding(client: SQSClient, queue: string) {
  let open: Waiting[] = [];

  async function send(batch: readonly Waiting[]): Promise<void> {
    const Entries = batch.map(({ ReceiptHandle, VisibilityTimeout }, n) => ({
      Id: `${n}`,
      ReceiptHandle,
      VisibilityTimeout,
    }));
    const { Failed = [] } = await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queue, Entries }));
    const refused = new Map(Failed.map(({ Id, Code }) => [Id, Code]));
    for (const [n, { resolve, reject }] of batch.entries()) {
      if (refused.has(`${n}`)) reject(new NotHidden(refused.get(`${n}`) ?? 'NotHidden'));
      else resolve();
    }
  }

  function sendAll(): void {
    const all = open;
    open = [];
    for (let at = 0; at < all.length; at += perRequest) {
      const batch = all.slice(at, at + perRequest);
      send(batch).catch((error: unknown) => {
        for (const { reject } of batch) reject(error);
      });
    }
  }

  return (ReceiptHandle: string, VisibilityTimeout: number): Promise<void> =>
    new Promise((resolve, reject) => {
      if (open.length === 0) queueMicrotask(sendAll);
      open.push({ ReceiptHandle, VisibilityTimeout, resolve, reject });
    });
}
