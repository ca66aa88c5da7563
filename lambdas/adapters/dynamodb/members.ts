import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { table } from '../../core/contract/storage.ts';
import type { OwnerName } from '../../core/profile/owner-name.ts';
import type { ProfileId } from '../../core/profile/profile.ts';
import { accountName } from '../../core/stitching/accounts.ts';
import type { Member } from '../../core/stitching/members.ts';
import { parseProfileItem } from '../../core/table/profile-item.ts';
import type { WaitBeforeAttempt } from '../streams/backoff.ts';
import { batchGet, type Row, readApart } from './batch-get.ts';
import { anything, conditionalPut, type TransactItem } from './conditional-put.ts';
import type { IdentifierKey } from './identifier-key.ts';
import { memberKey, membersOf, ownerKey, partitionOf, profileIdIn, stateKey } from './keys.ts';

/** Some people of an account in the order of their ids, and whether there may be more after the last. */
export interface MemberPage {
  readonly profileIds: readonly ProfileId[];
  readonly isLast: boolean;
}

/** As many as one BatchGetItem reads. */
const pageOfMembers = 100;
/** Items that are written at once. */
const writesAtOnce = 25;

/** A put of the item by which an account finds a person. It may be there already. */
export const memberPut = (tableName: string, identifierKey: IdentifierKey, member: Member): TransactItem => {
  const item = { ...memberKey(identifierKey, accountName(member.account), member.profileId), kind: 'member' };
  return conditionalPut(tableName, { ...item, profileId: member.profileId }, anything);
};

/** Writes items of members one by one: any of them may be there, as long as all are before the profile is written. */
export async function putMembers(client: DynamoDBDocumentClient, puts: readonly TransactItem[]): Promise<void> {
  for (let at = 0; at < puts.length; at += writesAtOnce)
    await Promise.all(
      puts.slice(at, at + writesAtOnce).flatMap(({ Put }) => (Put ? [client.send(new PutCommand(Put))] : [])),
    );
}

/** The people of accounts. */
export function memberTable(
  client: DynamoDBDocumentClient,
  TableName: string,
  identifierKey: IdentifierKey,
  pause: WaitBeforeAttempt,
) {
  /** Where the profiles of rows live: themselves, or what they merged into. One that cannot be read is itself. */
  async function followed(profileIds: readonly ProfileId[]): Promise<ProfileId[]> {
    const live = new Set<ProfileId>();
    const seen = new Set<ProfileId>();
    for (let open = profileIds; open.length > 0; ) {
      for (const id of open) seen.add(id);
      const targets = (await rowsOf(open)).map(targetOf);
      for (const { profileId, mergedInto } of targets) if (mergedInto === undefined) live.add(profileId);
      open = [...new Set(targets.flatMap(({ mergedInto }) => mergedInto ?? []))].filter((id) => !seen.has(id));
    }
    return [...live];
  }

  const rowsOf = (profileIds: readonly ProfileId[]): Promise<readonly Row[]> =>
    readApart(profileIds, (some) => batchGet(client, TableName, some.map(stateKey), pause), stateKey);

  return {
    followed,
    /** A page of the people of an account, after one of them. */
    async page(account: string, after: ProfileId | '', Limit = pageOfMembers): Promise<MemberPage> {
      const name: OwnerName = accountName(account);
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName,
          Limit,
          ConsistentRead: true,
          KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
          ExpressionAttributeNames: { '#pk': table.partitionKey, '#sk': table.sortKey },
          ExpressionAttributeValues: { ':pk': partitionOf(ownerKey(identifierKey, name)), ...membersOf(after) },
        }),
      );
      return { profileIds: Items.map(({ profileId }) => String(profileId)), isLast: LastEvaluatedKey === undefined };
    },
  };
}

function targetOf(row: Row): { readonly profileId: ProfileId; readonly mergedInto?: ProfileId } {
  try {
    const item = parseProfileItem(row);
    return item.kind === 'tombstone' ? item : { profileId: item.profile.profileId };
  } catch {
    return { profileId: profileIdIn(row) };
  }
}
