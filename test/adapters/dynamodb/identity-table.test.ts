import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, it } from 'vitest';
import { identifierKey } from '../../../lambdas/adapters/dynamodb/identifier-key.ts';
import { identityTable } from '../../../lambdas/adapters/dynamodb/identity-table.ts';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { joinProfiles } from '../../../lambdas/core/profile/join.ts';
import { newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { toProfileItem, toTombstone } from '../../../lambdas/core/table/profile-item.ts';
import { identityOperator } from '../../../lambdas/operations/identity.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const client = mockClient(DynamoDBDocumentClient);
const keyOf = identifierKey('a secret');
const table = identityTable(
  DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' })),
  'people',
  keyOf,
  async () => {},
);
const operator = identityOperator(table, configOf(), async () => undefined);
const cause = { messageId: 'operator', timestamp: minute(9), at: minute(9) };
const [stays, leaves] = ['per_00000000000000000000000000000001', 'per_00000000000000000000000000000002'] as const;

const person = (profileId: string, n: number, ...ids: Identifier[]): Profile => ({
  ...newProfile(profileId, eventOf({ receivedAt: minute(n) })),
  identifiers: new Map(ids.map((id) => [id, { first: minute(n), last: minute(n), linked: minute(n) }])),
});
const [ann, bob] = [person(stays, 1, 'user_id:ann', 'phone:+1'), person(leaves, 2, 'email:bob@x.org')];
const both = joinProfiles(ann, bob, minute(3));
const lost = { profile: bob, version: 4, shared: new Map(), mergedInto: stays, messageId: 'm3', at: minute(3) };
const rows: Record<string, Record<string, unknown>> = {
  [`profile#${stays}`]: toProfileItem(both, 7, { changes: [], log: [] }),
  [`profile#${leaves}`]: toTombstone(lost),
  [`identifier#${keyOf('user_id:ann')}`]: { profileId: stays, messageId: 'm1', at: minute(1) },
  [`identifier#${keyOf('phone:+1')}`]: { profileId: stays, messageId: 'm2', at: minute(2) },
  [`identifier#${keyOf('email:bob@x.org')}`]: { profileId: leaves, messageId: 'm2', at: minute(2) },
};

beforeEach(() => {
  client.reset();
  client.on(BatchGetCommand).callsFake(({ RequestItems }) => ({
    Responses: {
      people: RequestItems.people.Keys.flatMap(({ pk }: { pk: string }) => (rows[pk] ? [{ pk, ...rows[pk] }] : [])),
    },
  }));
});

const puts = () =>
  client
    .commandCalls(TransactWriteCommand)
    .flatMap(({ args }) => (args[0].input.TransactItems ?? []).flatMap(({ Put }) => Put ?? []));
const conditions = () =>
  puts().map(({ Item, ExpressionAttributeValues }) => [
    Item?.kind ?? 'owner',
    Item?.profileId,
    ExpressionAttributeValues?.[':expected'],
  ]);

it('explains every link and merge by its message, found by any identifier or id', async () => {
  for (const text of ['user_id:ann', 'email:bob@x.org', stays, leaves])
    expect(await operator.explain(text)).toMatchObject({
      profileId: stays,
      identifiers: [
        {
          identifier: 'user_id:ann',
          messageId: 'm1',
          linkedAt: minute(1),
          givenTo: stays,
          rule: 'first of a new profile',
        },
        { identifier: 'phone:+1', messageId: 'm2', rule: 'one event named both' },
        { identifier: 'email:bob@x.org', messageId: 'm2', givenTo: leaves, rule: 'first of a new profile' },
      ],
      merges: [{ absorbed: leaves, into: stays, at: minute(3), messageId: 'm3', undoable: true }],
    });
});

it('writes nothing for a preview', async () => {
  expect(await operator.unmerge(leaves, cause, false)).toMatchObject({
    done: false,
    parted: { identifiers: ['email:bob@x.org'] },
  });
  expect(puts()).toEqual([]);
});

it('undoes a merge in one transaction, each item at the version that was read', async () => {
  client.on(TransactWriteCommand).resolves({});
  expect(await operator.unmerge(leaves, cause, true)).toMatchObject({
    done: true,
    left: { identifiers: ['user_id:ann', 'phone:+1'] },
  });
  expect(conditions()).toEqual([
    ['profile', stays, 7],
    ['profile', leaves, 4],
  ]);
  expect(puts().map(({ Item }) => [Item?.version, JSON.parse(Item?.log)[0].kind])).toEqual([
    [8, 'unmerge'],
    [5, 'unmerge'],
  ]);
});

it('undoes a link: the identifier has a new profile and its item says so, if nobody changed it', async () => {
  client.on(TransactWriteCommand).resolves({});
  const { parted } = await operator.unmerge('email:bob@x.org', cause, true);
  expect(conditions().sort()).toEqual(
    [
      ['owner', parted.profileId, leaves],
      ['profile', parted.profileId, undefined],
      ['profile', stays, 7],
    ].sort(),
  );
});

it('changes nothing when somebody was first', async () => {
  client.on(TransactWriteCommand).rejects(
    Object.assign(new Error(), {
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'ConditionalCheckFailed' }],
    }),
  );
  await expect(operator.unmerge(leaves, cause, true)).rejects.toThrow(/nothing was changed, try again/);
});

it.each([
  { text: 'user_id:nobody', says: /no such profile/ },
  { text: stays, says: /no profile with that id was merged/ },
  { text: 'ann', says: /type:value/ },
])('refuses $text', async ({ text, says }) => {
  await expect(operator.unmerge(text, cause, true)).rejects.toThrow(says);
});
