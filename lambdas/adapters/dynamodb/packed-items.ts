import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { table } from '../../core/contract/storage.ts';
import { orFault } from '../../core/events/event-fault.ts';
import { packingDictionary } from '../../core/table/packing-dictionary.ts';

type Row = Readonly<Record<string, unknown>>;

/** What the table itself, its stream or a person at the console reads stays as it is. */
const plain: ReadonlySet<string> = new Set([
  ...[table.partitionKey, table.sortKey, table.ttl, table.changes, table.log],
  ...['kind', 'version', 'profileId', 'eventCount', 'mergedInto', 'messageId', 'at'],
]);
/** Bytes set aside at once for what comes out; Node's own 16 KB are more than most profiles need, and kept as long as the result. */
const options = { chunkSize: 4096, dictionary: Buffer.from(packingDictionary) };
const kinds: ReadonlySet<unknown> = new Set(['profile', 'tombstone']);

/**
 * A profile's item with all but the plain attributes made into one, as JSON in raw DEFLATE with a preset dictionary. Each kilobyte of an item is
 * paid for at each write: this makes one of two or three. Other items stay as they are.
 */
export function packItem(item: Row): Row {
  if (!kinds.has(item.kind)) return item;
  const [kept, rest] = [
    Object.entries(item).filter(([name]) => plain.has(name)),
    Object.entries(item).filter(([name]) => !plain.has(name)),
  ];
  return {
    ...Object.fromEntries(kept),
    [table.packed]: deflateRawSync(JSON.stringify(Object.fromEntries(rest)), options),
  };
}

/** The item that was packed; one that never was is given back as it is. */
export function unpackItem<Item extends Row>({ [table.packed]: packed, ...item }: Item): Row {
  return packed instanceof Uint8Array
    ? { ...item, ...(JSON.parse(inflateRawSync(packed, options).toString('utf8')) as Row) }
    : item;
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

/** Makes a document client pack what it puts and unpack what it reads; whoever uses it sees items as they are. */
export function packingItems(client: DynamoDBDocumentClient): DynamoDBDocumentClient {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { output, ...result } = await next({
        ...args,
        input: orFault(() => packInput(args.input as Input)) as typeof args.input,
      });
      return { ...result, output: orFault(() => unpackOutput(output as Output)) as typeof output };
    },
    // Before the client makes DynamoDB's own notation of the items.
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
  // Of a scan nobody could say which item it was: whoever reads one that is left packed finds that it is none.
  ...(output.Items && { Items: output.Items.map(unpackOrLeave) }),
  ...(output.Responses && {
    Responses: Object.fromEntries(Object.entries(output.Responses).map(([name, rows]) => [name, rows.map(unpackItem)])),
  }),
});
