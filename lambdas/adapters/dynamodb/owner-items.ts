import { table } from '../../core/contract/storage.ts';
import { type Barrier, barrierText, readBarrier } from '../../core/privacy/barrier.ts';
import type { Given } from '../../core/stitching/batch/snapshot.ts';
import type { Row } from './batch-get.ts';
import { conditionalPut, type Expected, type TransactItem } from './conditional-put.ts';

/** What a put or a delete of an item demands of the stored one. */
type Condition = Pick<
  NonNullable<TransactItem['Put']>,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** The attribute of an identifier's item with its barrier. */
export const barrierOfRow = (barrier: Barrier | undefined): Row =>
  barrier === undefined ? {} : { [table.barrier]: barrierText(barrier) };

/** The barrier in an identifier's item. */
export const barrierIn = (row: Row): Barrier | undefined => readBarrier(row[table.barrier]);

/** The profile in an identifier's item; one with a barrier may have none. */
export const ownerIn = (row: Row): string | undefined =>
  row.profileId === undefined ? undefined : String(row.profileId);

/** What an identifier's item says of its owner; undefined without one. */
export function givenIn({ profileId, messageId, at, founds }: Row): Given | undefined {
  if (profileId === undefined) return undefined;
  return {
    profileId: String(profileId),
    ...(messageId !== undefined && { messageId: String(messageId) }),
    ...(at !== undefined && { at: String(at) }),
    ...(founds === true && { founds }),
  };
}

/**
 * Gives an identifier to a profile. Its barrier stays, and must be as it was read: an event that was judged by another
 * one is read and judged again.
 */
export function ownerPut(TableName: string, item: Row, expected: Expected, barrier: Barrier | undefined): TransactItem {
  const { Put } = conditionalPut(TableName, { ...item, ...barrierOfRow(barrier) }, expected);
  // An item that must not exist has no barrier either.
  if (expected === undefined && barrier === undefined) return { Put };
  const owned = expected === undefined ? unowned : (Put as Condition);
  return { Put: { ...Put, TableName, Item: Put?.Item, ...both(owned, barrierAsRead(barrier)) } };
}

/**
 * Takes an identifier from whoever has it, under the same condition; the item goes, unless it has a barrier to keep.
 */
export const ownerGone = (TableName: string, Key: Row, barrier: Barrier | undefined): TransactItem =>
  barrier === undefined
    ? { Delete: { TableName, Key, ...barrierAsRead(undefined) } }
    : { Put: { TableName, Item: { ...Key, ...barrierOfRow(barrier) }, ...barrierAsRead(barrier) } };

/** That nobody released an identifier meanwhile whose former name an event claims. */
export const unreleased = (TableName: string, Key: Row, barrier: Barrier | undefined): TransactItem => {
  const { ConditionExpression = '', ...names } = barrierAsRead(barrier);
  return { ConditionCheck: { TableName, Key, ConditionExpression, ...names } };
};

const unowned: Condition = {
  ConditionExpression: 'attribute_not_exists(#profileId)',
  ExpressionAttributeNames: { '#profileId': 'profileId' },
};

/** That an item's barrier is still the one that was read. */
const barrierAsRead = (barrier: Barrier | undefined): Condition =>
  barrier === undefined
    ? {
        ConditionExpression: 'attribute_not_exists(#barrier)',
        ExpressionAttributeNames: { '#barrier': table.barrier },
      }
    : {
        ConditionExpression: '#barrier = :barrier',
        ExpressionAttributeNames: { '#barrier': table.barrier },
        ExpressionAttributeValues: { ':barrier': barrierText(barrier) },
      };

/** That an item still has the barrier and the owner that were read. */
export function asRead(row: Row): Condition {
  const owner = ownerIn(row);
  const owned = {
    ConditionExpression: '#profileId = :profileId',
    ExpressionAttributeNames: { '#profileId': 'profileId' },
    ExpressionAttributeValues: { ':profileId': owner },
  };
  return both(owner === undefined ? unowned : owned, barrierAsRead(barrierIn(row)));
}

const both = (a: Condition, b: Condition): Condition => ({
  ConditionExpression: [a, b].flatMap(({ ConditionExpression: text }) => text ?? []).join(' AND '),
  ExpressionAttributeNames: { ...a.ExpressionAttributeNames, ...b.ExpressionAttributeNames },
  ...((a.ExpressionAttributeValues ?? b.ExpressionAttributeValues) && {
    ExpressionAttributeValues: { ...a.ExpressionAttributeValues, ...b.ExpressionAttributeValues },
  }),
});
