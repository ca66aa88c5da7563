import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type BatchGetCommandOutput,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { EventFault } from '../../core/events/event-fault.ts';
import { maxAttempts, type WaitBeforeAttempt } from '../streams/backoff.ts';

export type Row = Record<string, unknown>;
type RequestItems = BatchGetCommandInput['RequestItems'];

/** Most keys in one BatchGetItem. */
const keysPerCall = 100;

/** The table kept returning keys unread. */
export class Unread extends Error {
  override readonly name = 'Unread';
  readonly keys: number;

  constructor(keys: number) {
    super(`the table left ${keys} keys unread after ${maxAttempts} attempts`);
    this.keys = keys;
  }
}

/**
 * Reads any number of items by key, strongly consistent, and retries keys that the table leaves unread.
 * @throws Unread after the last attempt
 */
export async function batchGet(
  client: DynamoDBDocumentClient,
  tableName: string,
  keys: readonly Row[],
  pause: WaitBeforeAttempt,
): Promise<Row[]> {
  const chunks = Array.from({ length: Math.ceil(keys.length / keysPerCall) }, (_, i) =>
    keys.slice(i * keysPerCall, (i + 1) * keysPerCall),
  );
  const rows = await Promise.all(chunks.map((chunk) => readChunk(client, tableName, chunk, pause)));
  return rows.flat();
}

async function readChunk(
  client: DynamoDBDocumentClient,
  tableName: string,
  keys: Row[],
  pause: WaitBeforeAttempt,
): Promise<Row[]> {
  const rows: Row[] = [];
  let open: RequestItems = { [tableName]: { Keys: keys, ConsistentRead: true } };
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const answer: BatchGetCommandOutput = await client.send(new BatchGetCommand({ RequestItems: open }));
    rows.push(...(answer.Responses?.[tableName] ?? []));
    open = answer.UnprocessedKeys;
    if (!open?.[tableName]?.Keys?.length) return rows;
    await pause(attempt);
  }
  throw new Unread(open?.[tableName]?.Keys?.length ?? 0);
}

/**
 * Reads items together, and one by one where that fails: an item that cannot be unpacked fails its whole batch, so it
 * is found alone, and `unreadable` says what stands for it.
 */
export async function readApart<Id, Found>(
  ids: readonly Id[],
  read: (ids: readonly Id[]) => Promise<readonly Found[]>,
  unreadable: (id: Id, fault: EventFault) => Found,
): Promise<readonly Found[]> {
  try {
    return await read(ids);
  } catch (fault) {
    if (!(fault instanceof EventFault)) throw fault;
    const [id, ...others] = ids;
    if (id !== undefined && others.length === 0) return [unreadable(id, fault)];
    return (await Promise.all(ids.map((each) => readApart([each], read, unreadable)))).flat();
  }
}
