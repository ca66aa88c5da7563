import { Duration } from 'aws-cdk-lib';
import type { LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { importPrefix, lakePrefix } from '../../lambdas/core/contract/storage.ts';

/** Time for which an object is an earlier version after it was replaced or deleted. */
export const noncurrentVersionExpiration = Duration.days(1);

/** Files that name nobody, and are replaced. */
const replaced = [lakePrefix.barriers, lakePrefix.erasures];

/** Prefixes without a retention: table files, and files that name nobody. */
const lasting = [...replaced, lakePrefix.tables, lakePrefix.pulls, importPrefix.states];

/** Prefixes with the retention of raw events; of imports only parts, because their states last. */
const others: readonly string[] = [lakePrefix.imports, lakePrefix.exports, lakePrefix.histories];
const expires = (prefix: string) => !others.includes(prefix) && !lasting.some((each) => prefix.startsWith(each));
const expiring = Object.values({ ...lakePrefix, ...importPrefix }).filter(expires);

/** When objects of the lake's bucket go. */
export function lakeLifecycle(expiration: Duration): LifecycleRule[] {
  // The next export of the profile table comes every night.
  const exported = atMost(3, expiration);
  // They are made of the lake's tables, so their time begins when nobody is in those any more.
  const histories = atMost(7, expiration);
  return [
    ...expiring.map((prefix) => ({ prefix, expiration, noncurrentVersionExpiration })),
    { prefix: lakePrefix.exports, expiration: exported, noncurrentVersionExpiration },
    { prefix: lakePrefix.histories, expiration: histories, noncurrentVersionExpiration },
    // What is removed or replaced must not stay as an earlier version.
    ...replaced.map((prefix) => ({ prefix, noncurrentVersionExpiration })),
    { prefix: lakePrefix.tables, noncurrentVersionExpiration, expiredObjectDeleteMarker: true },
  ];
}

const atMost = (days: number, expiration: Duration): Duration => Duration.days(Math.min(days, expiration.toDays()));
