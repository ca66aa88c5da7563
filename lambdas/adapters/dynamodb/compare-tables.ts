import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { type Census, type Comparison, CountedProfiles } from '../../core/operations/table-census.ts';
import type { Profile } from '../../core/profile/profile.ts';
import { parseProfileItem } from '../../core/table/profile-item.ts';

/**
 * Every live profile of a table in any order, and undefined for each unreadable item. The client must unpack items
 * (`packingItems`).
 */
export async function* scanProfiles(
  client: DynamoDBDocumentClient,
  TableName: string,
): AsyncGenerator<Profile | undefined> {
  const input = {
    TableName,
    ConsistentRead: true,
    FilterExpression: '#kind = :profile',
    ExpressionAttributeNames: { '#kind': 'kind' },
    ExpressionAttributeValues: { ':profile': 'profile' },
  };
  for await (const { Items = [] } of paginateScan({ client }, input)) for (const item of Items) yield profileIn(item);
}

function profileIn(item: unknown): Profile | undefined {
  try {
    const read = parseProfileItem(item);
    return read.kind === 'profile' ? read.profile : undefined;
  } catch {
    return undefined;
  }
}

type Profiles = AsyncIterable<Profile | undefined>;

/** Counts the profiles of one table and the unreadable items, and compares a second table if given. */
export async function compareProfiles(
  here: Profiles,
  there?: Profiles,
): Promise<{ readonly census: Census; readonly comparison: Comparison | undefined; readonly unreadable: number }> {
  const counted = new CountedProfiles();
  let unreadable = 0;
  const each = async (profiles: Profiles, take: (profile: Profile) => void) => {
    for await (const profile of profiles)
      if (profile === undefined) unreadable += 1;
      else take(profile);
  };
  await each(here, (profile) => counted.count(profile));
  if (there !== undefined) await each(there, (profile) => counted.compare(profile));
  return { census: counted.census, comparison: there && counted.comparison, unreadable };
}
