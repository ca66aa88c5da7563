import type { compareProfiles } from '../lambdas/adapters/profile-scan.ts';

/** Says what a rebuilt table holds, how it compares with the live one, and what no rebuild can know. */
export function describeTables({ census, comparison }: Awaited<ReturnType<typeof compareProfiles>>, live: string, unmerges: number): string[] {
  const { people, accounts, events, merges } = census;
  const differing = Object.entries(comparison?.differing ?? {}).map(([kind, count]) => `${count} in ${kind}`);
  return [
    `it holds ${people} people, ${accounts} accounts, ${events} events counted, ${merges} merges`,
    ...(comparison
      ? [
          `of ${live} ${comparison.same} profiles are the same; of the others ${differing.join(', ')} differ`,
          `only there: ${comparison.onlyThere}, only here: ${comparison.onlyHere}`,
        ]
      : []),
    ...(unmerges > 0
      ? [`operators unmerged ${unmerges} times, which the raw zone does not know: undo these again (identity log, kind unmerge)`]
      : []),
  ];
}
