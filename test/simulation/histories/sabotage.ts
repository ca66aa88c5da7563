import {
  BatchGetCommand,
  type BatchGetCommandOutput,
  DynamoDBDocumentClient,
  PutCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Item } from '../../fakes/condition-expression.ts';
import { type Action, keyOf, type MemoryStore } from '../../fakes/memory-store.ts';

/** A mistake planted between the code under test and its table, to show that the checks would see it. */
export type Sabotage = (client: DynamoDBDocumentClient, store: MemoryStore) => DynamoDBDocumentClient;

type Put = NonNullable<Action['Put']>;
type Send = (command: PutCommand | TransactWriteCommand) => Promise<unknown>;

/** Mistakes, each as code that speaks to the table could make it. */
export const sabotages = {
  'the version condition is dropped': rewritePuts((put) =>
    put.ConditionExpression?.includes('version') ? withoutCondition(put) : put,
  ),
  'an identifier is claimed whoever has it': rewritePuts((put) =>
    String(put.Item?.pk).startsWith('identifier#') ? withoutCondition(put) : put,
  ),
  'the mark is written by a second call': (client, store) =>
    intercept(client, (send, command) => markAfterwards(send, command, store)),
  'keys left unread are ignored': (client) =>
    intercept(client, async (send, command) => ({
      ...((await send(command)) as BatchGetCommandOutput),
      UnprocessedKeys: {},
    })),
  'a link counts since it was first seen': rewritePuts((put) =>
    typeof put.Item?.identifiers === 'string' ? linkedAtFirst(put) : put,
  ),
  'an owner is remembered and proven by nothing': (client, store) =>
    intercept(client, (send, command) => fromMemory(send, command, store)),
  'a transaction is taken apart': (client) => intercept(client, takeApart),
  'a lost race is taken for a success': (client) =>
    intercept(client, (send, command) =>
      send(command).catch((error: Error) =>
        error.name === 'ConditionalCheckFailedException' ? {} : Promise.reject(error),
      ),
    ),
} satisfies Record<string, Sabotage>;

/** Barriers of identifiers that somebody has are not read. */
export const unreadBarriers: Sabotage = (client) =>
  intercept(client, async (send, command) => {
    const answer = (await send(command)) as BatchGetCommandOutput;
    if (!(command instanceof BatchGetCommand)) return answer;
    const without = ({ barrier, ...row }: Item): Item => (row.profileId === undefined ? { ...row, barrier } : row);
    const tables = Object.entries(answer.Responses ?? {}).map(([name, rows]) => [name, rows.map(without)]);
    return { ...answer, Responses: Object.fromEntries(tables) };
  });

function intercept(
  client: DynamoDBDocumentClient,
  act: (send: Send, command: PutCommand | TransactWriteCommand) => Promise<unknown>,
): DynamoDBDocumentClient {
  const send: Send = (command) => client.send(command as PutCommand);
  return Object.assign(Object.create(DynamoDBDocumentClient.prototype), {
    send: (command: PutCommand) => act(send, command),
  }) as DynamoDBDocumentClient;
}

/** Plants a mistake in each item that is written. */
export function rewritePuts(rewrite: (put: Put) => Put): Sabotage {
  return (client) => intercept(client, (send, command) => send(withPuts(command, rewrite)));
}

function withPuts(
  command: PutCommand | TransactWriteCommand,
  rewrite: (put: Put) => Put,
): PutCommand | TransactWriteCommand {
  if (command instanceof PutCommand) return new PutCommand(rewrite(command.input as Put) as PutCommand['input']);
  if (!(command instanceof TransactWriteCommand)) return command;
  const actions = (command.input.TransactItems ?? []).map((action) =>
    action.Put ? { Put: rewrite(action.Put as Put) } : action,
  );
  return new TransactWriteCommand({ TransactItems: actions as TransactWriteCommand['input']['TransactItems'] });
}

/** Leaves out what a transaction demands of items that it does not write. */
export const withoutCheck: Sabotage = (client) =>
  intercept(client, (send, command) => {
    if (!(command instanceof TransactWriteCommand)) return send(command);
    const TransactItems = (command.input.TransactItems ?? []).filter(({ ConditionCheck }) => !ConditionCheck);
    return send(new TransactWriteCommand({ TransactItems }));
  });

/** A write whatever others wrote. */
export const withoutCondition = ({ Item }: Put): Put => ({ Item });

/** The time of the event instead of its receipt, which takes no notice of windows. */
function linkedAtFirst(put: Put): Put {
  const entries = JSON.parse(String(put.Item?.identifiers)) as [string, string, string, string][];
  return {
    ...put,
    Item: { ...put.Item, identifiers: JSON.stringify(entries.map(([id, first, last]) => [id, first, last, first])) },
  };
}

/** The effect first, the mark of the messages that caused it after. */
async function markAfterwards(
  send: Send,
  command: PutCommand | TransactWriteCommand,
  store: MemoryStore,
): Promise<unknown> {
  const marked: Item[] = [];
  const unmarked = withPuts(command, (put) => {
    if (put.Item?.marks === undefined) return put;
    marked.push(put.Item);
    return { ...put, Item: { ...put.Item, marks: store.get(put.Item)?.marks ?? '' } };
  });
  const answer = await send(unmarked);
  for (const Item of marked) await send(new PutCommand({ TableName: 'profiles', Item }));
  return answer;
}

/** Owners as they were read first, of one table. */
const remembered = new WeakMap<MemoryStore, Map<string, Item>>();

/** Reads the item of an identifier once. */
async function fromMemory(send: Send, command: unknown, store: MemoryStore): Promise<unknown> {
  if (!(command instanceof BatchGetCommand)) return send(command as PutCommand);
  const memory = remembered.get(store) ?? new Map<string, Item>();
  remembered.set(store, memory);
  const [[name, { Keys = [] }] = ['', {}]] = Object.entries(command.input.RequestItems ?? {});
  const known = Keys.flatMap((key) => memory.get(keyOf(key)) ?? []);
  const asked = Keys.filter((key) => !memory.has(keyOf(key)));
  if (asked.length === 0) return { Responses: { [name]: known } };
  const request = new BatchGetCommand({ RequestItems: { [name]: { Keys: asked, ConsistentRead: true } } });
  const answer = (await send(request as never)) as BatchGetCommandOutput;
  const rows = answer.Responses?.[name] ?? [];
  for (const row of rows) if (row.sk === 'owner') memory.set(keyOf(row), row);
  return { ...answer, Responses: { [name]: [...known, ...rows] } };
}

async function takeApart(send: Send, command: PutCommand | TransactWriteCommand): Promise<unknown> {
  if (!(command instanceof TransactWriteCommand)) return send(command);
  for (const { Put } of command.input.TransactItems ?? []) if (Put) await send(new PutCommand(Put));
  return {};
}
