import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dueIndex, table } from '../../core/contract/storage.ts';
import { orFault } from '../../core/events/event-fault.ts';
import { packingDictionary } from '../../core/table/packing-dictionary.ts';
import { packMarks, unpackMarks } from './packed-marks.ts';

type Row = Readonly<Record<string, unknown>>;

/** Attributes that the table, its stream or a person at the console reads, and which therefore stay unpacked. */
const plain: ReadonlySet<string> = new Set([
  table.partitionKey,
  table.sortKey,
  table.ttl,
  table.changes,
  table.log,
  dueIndex.shard,
  dueIndex.at,
  'kind',
  'version',
  'profileId',
  'eventCount',
  'mergedInto',
  'messageId',
  'at',
]);
/**
 * Bytes of an output buffer: Node's 16 KB exceed most profiles, and stay allocated as long as the result. A window of 8
 * KB and the memory that goes with it, because a stream of its own is made for each item: less memory, the same bytes.
 */
const options = { chunkSize: 4096, windowBits: 13, memLevel: 6, dictionary: Buffer.from(packingDictionary) };
const unpacking = { chunkSize: options.chunkSize, dictionary: options.dictionary };
/** Characters from which on marks are smaller as bytes of their own than deflated with the rest. */
const manyMarks = 256;
const kinds: ReadonlySet<unknown> = new Set(['profile', 'tombstone']);

/**
 * Packs all but the plain attributes of a profile's item as JSON in raw DEFLATE with a preset dictionary, and many
 * marks as bytes. Every write pays for each kilobyte, and this saves a half to two thirds. Other items stay unchanged.
 */
export function packItem(item: Row): Row {
  if (!kinds.has(item.kind)) return item;
  const kept: [string, unknown][] = [];
  const rest: [string, unknown][] = [];
  const { marks } = item;
  const bytes = typeof marks === 'string' && marks.length >= manyMarks ? packMarks(marks) : undefined;
  for (const entry of Object.entries(item))
    if (entry[0] === 'marks' && bytes !== undefined) kept.push(['marks', bytes]);
    else (plain.has(entry[0]) ? kept : rest).push(entry);
  kept.push([table.packed, deflateRawSync(JSON.stringify(Object.fromEntries(rest)), options)]);
  return Object.fromEntries(kept);
}

/** Unpacks an item; an item that is not packed stays unchanged. */
export function unpackItem<Item extends Row>({ [table.packed]: packed, ...item }: Item): Row {
  if (!(packed instanceof Uint8Array)) return item;
  const rest = JSON.parse(inflateRawSync(packed, unpacking).toString('utf8')) as Row;
  return { ...item, ...rest, ...(item.marks instanceof Uint8Array && { marks: unpackMarks(item.marks) }) };
}

function unpackOrLeave(item: Row): Row {
  try {
    return unpackItem(item);
  } catch {
    return item;
  }
}

interface Input {
  readonly Item?: Row;
  readonly TransactItems?: readonly { readonly Put?: { readonly Item?: Row } }[];
}
interface Output {
  readonly Item?: Row;
  readonly Items?: readonly Row[];
  readonly Responses?: Readonly<Record<string, readonly Row[]>>;
}

/** Makes a document client pack items that it writes and unpack items that it reads, invisibly to its users. */
export function packingItems(client: DynamoDBDocumentClient): DynamoDBDocumentClient {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { output, ...result } = await next({
        ...args,
        input: orFault(() => packInput(args.input as Input)) as typeof args.input,
      });
      return { ...result, output: orFault(() => unpackOutput(output as Output)) as typeof output };
    },
    // Before the client converts items to DynamoDB's notation.
    { step: 'initialize', priority: 'high', name: 'packItems' },
  );
  return client;
}

const packInput = (input: Input): Input => ({
  ...input,
  ...(input.Item && { Item: packItem(input.Item) }),
  ...(input.TransactItems && {
    TransactItems: input.TransactItems.map((action) =>
      action.Put?.Item ? { ...action, Put: { ...action.Put, Item: packItem(action.Put.Item) } } : action,
    ),
  }),
});

const unpackOutput = (output: Output): Output => ({
  ...output,
  ...(output.Item && { Item: unpackItem(output.Item) }),
  // A scan must not fail on one item, so an unreadable one stays packed, and its reader rejects it.
  ...(output.Items && { Items: output.Items.map(unpackOrLeave) }),
  ...(output.Responses && {
    Responses: Object.fromEntries(Object.entries(output.Responses).map(([name, rows]) => [name, rows.map(unpackItem)])),
  }),
});
