import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Census, type Comparison, CountedProfiles } from '../../core/operations/table-census.ts';
import type { Profile } from '../../core/profile/profile.ts';
import { profilePages } from './profile-scan.ts';

/**
 * Every live profile of a table in any order, and undefined for each unreadable item. The client must unpack items
 * (`packingItems`).
 */
export async function* scanProfiles(
  client: DynamoDBDocumentClient,
  TableName: string,
): AsyncGenerator<Profile | undefined> {
  for await (const page of profilePages(client, { TableName, ConsistentRead: true }))
    for (const read of page) yield 'fault' in read ? undefined : read.profile;
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
