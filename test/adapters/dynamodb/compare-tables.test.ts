import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { compareProfiles, scanProfiles } from '../../../lambdas/adapters/dynamodb/compare-tables.ts';
import { packItem, packingItems } from '../../../lambdas/adapters/dynamodb/packed-items.ts';
import { newProfile } from '../../../lambdas/core/profile/profile.ts';
import { toProfileItem } from '../../../lambdas/core/table/profile-item.ts';
import { eventOf } from '../../fixtures/events.ts';

const itemOf = (id: string) =>
  packItem({
    pk: `profile#${id}`,
    sk: 'state',
    ...toProfileItem(newProfile(id, eventOf({})), 1, { changes: [], log: [] }),
  });

/** A client whose table holds these items. */
function clientOf(items: readonly object[]): DynamoDBDocumentClient {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
  client.middlewareStack.add(
    () => async () => ({ output: { Items: items, $metadata: {} }, response: undefined }) as never,
    {
      step: 'initialize',
      priority: 'low',
    },
  );
  return packingItems(client);
}

it('counts and compares a table though items of it cannot be read, and says how many', async () => {
  const broken = { ...itemOf('torn'), packed: Buffer.from('no DEFLATE') };
  const strange = packItem({
    pk: 'profile#odd',
    sk: 'state',
    kind: 'profile',
    profileId: 'odd',
    version: 1,
    traits: '[',
  });
  const here = scanProfiles(clientOf([itemOf('a'), broken, itemOf('b')]), 'made');
  const there = scanProfiles(clientOf([strange, itemOf('a'), itemOf('c')]), 'live');
  const { census, comparison, unreadable } = await compareProfiles(here, there);
  expect([census.people, comparison?.same, comparison?.onlyHere, comparison?.onlyThere, unreadable]).toEqual([
    2, 1, 1, 1, 2,
  ]);
});
