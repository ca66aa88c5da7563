import type { ReleaseWrite } from '../../core/stitching/release.ts';
import type { Row } from './batch-get.ts';
import type { TransactItem } from './conditional-put.ts';
import type { IdentifierKey } from './identifier-key.ts';
import { ownerKey } from './keys.ts';
import { asRead, barrierOfRow } from './owner-items.ts';
import { transactItems } from './profile-transaction.ts';

type ReadItem = ReleaseWrite['released'];

/**
 * The items of a release: the person, and the names. The identifier gets its barrier, and what it named until then goes
 * to the former name. Each must be as it was read.
 */
export function itemsOfRelease(
  { released, barrier, from, to, stays, by, person }: ReleaseWrite,
  TableName: string,
  identifierKey: IdentifierKey,
): TransactItem[] {
  const keyOf = ({ identifier }: ReadItem): Row => ownerKey(identifierKey, identifier);
  const before = ({ given, barrier: own }: ReadItem) => asRead({ ...given, ...barrierOfRow(own) });
  const put = (read: ReadItem, next: Row): TransactItem => ({
    Put: { TableName, Item: { ...keyOf(read), ...next }, ...before(read) },
  });
  const gone = (read: ReadItem): TransactItem => {
    if (read.barrier !== undefined) return put(read, barrierOfRow(read.barrier));
    return { Delete: { TableName, Key: keyOf(read), ...before(read) } };
  };
  const same = (read: ReadItem): TransactItem => {
    const { ConditionExpression = '', ...names } = before(read);
    return { ConditionCheck: { TableName, Key: keyOf(read), ConditionExpression, ...names } };
  };
  const isSame = from.identifier === released.identifier;
  return [
    ...(person ? transactItems(person, TableName, identifierKey) : []),
    put(released, { ...(!isSame || stays ? released.given : {}), ...barrierOfRow(barrier) }),
    // An event that claims this name meanwhile does not know of the release.
    ...(isSame ? [] : [stays ? same(from) : gone(from)]),
    ...(to ? [put(to.read, { ...to.given, ...barrierOfRow(to.barrier), releasedBy: by.source })] : []),
  ];
}
