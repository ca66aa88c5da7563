import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from 'vitest';
import { identifierKey } from '../../../lambdas/adapters/dynamodb/identifier-key.ts';
import { profileReader, profileTable } from '../../../lambdas/adapters/dynamodb/profile-table.ts';
import { toProfileItem } from '../../../lambdas/core/table/profile-item.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { accounts, profileApi, stitched, users } from '../../fixtures/in-memory/profile-api.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const keyOf = identifierKey('a secret');
const config = configOf();
const events = [
  eventOf({ userId: 'old', receivedAt: minute(1) }),
  eventOf({ anonymousId: 'young', receivedAt: minute(2) }),
  eventOf({ userId: 'old', anonymousId: 'young', receivedAt: minute(3) }),
  eventOf({ type: 'group', userId: 'old', groupId: 'acme', receivedAt: minute(4) }),
];
const { items, owners } = await stitched(events, config);
const rows = new Map<string, object>([
  ...[...items].map(
    ([id, item]) =>
      [
        `profile#${id}`,
        item.kind === 'profile' ? toProfileItem(item.profile, 1, { changes: [], log: [] }) : item,
      ] as const,
  ),
  ...[...owners].map(([id, profileId]) => [`identifier#${keyOf(id)}`, { profileId }] as const),
]);
const [tombstone = ''] = [...items].flatMap(([id, { kind }]) => (kind === 'tombstone' ? [id] : []));
const [live = ''] = [...items].flatMap(([id, item]) =>
  item.kind === 'profile' && item.profile.collection === 'users' ? [id] : [],
);

const mock = mockClient(DynamoDBDocumentClient);
beforeEach(() => {
  mock.reset();
  mock.on(BatchGetCommand).callsFake(({ RequestItems }) => ({
    Responses: {
      people: RequestItems.people.Keys.flatMap(({ pk }: { pk: string }) =>
        rows.has(pk) ? [{ pk, ...rows.get(pk) }] : [],
      ),
    },
  }));
});

const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
const pause = async () => {};
const table = profileTable(client, 'people', keyOf, pause);
const api = await profileApi([], {
  findOwner: async (name) => (await table.load([name])).get(name)?.profile,
  find: profileReader(client, 'people', pause).find,
});

/** Items that a call reads, each a read on the bill; nothing else is done to the table. */
async function itemsRead(path: string): Promise<number> {
  expect(await api.get(path)).toMatchObject({ status: 200 });
  expect(mock.calls()).toHaveLength(mock.commandCalls(BatchGetCommand).length);
  return mock
    .commandCalls(BatchGetCommand)
    .reduce((sum, { args }) => sum + (args[0].input.RequestItems?.people?.Keys?.length ?? 0), 0);
}

describe('reads per call', () => {
  const views = ['traits', 'external_ids', 'events', 'metadata', 'links', 'segments'];
  it.each(views)('%s by an identifier: 2', async (view) =>
    expect(await itemsRead(`${users}/user_id:old/${view}`)).toBe(2),
  );
  it.each(views)('%s by the profile id: 1', async (view) =>
    expect(await itemsRead(`${users}/${live}/${view}`)).toBe(1),
  );
  it('an account by its group id: 2', async () => expect(await itemsRead(`${accounts}/group_id:acme/traits`)).toBe(2));
  it('one more for each tombstone on the way', async () => {
    expect(await itemsRead(`${users}/${tombstone}/traits`)).toBe(2);
    mock.resetHistory();
    expect(await itemsRead(`${users}/anonymous_id:young/traits`)).toBe(3);
  });

  it('a stranger: 1, and no one without a token: 0', async () => {
    expect(await api.get(`${users}/user_id:nobody/traits`)).toMatchObject({ status: 404 });
    expect(mock.calls()).toHaveLength(1);
    expect(await api.get(`${users}/user_id:old/traits`, { headers: {} })).toMatchObject({ status: 401 });
    expect(mock.calls()).toHaveLength(1);
  });
});
