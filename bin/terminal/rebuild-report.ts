import type { compareProfiles } from '../../lambdas/adapters/dynamodb/compare-tables.ts';

/** Says what a rebuilt table holds, how it compares with the live one, and what no rebuild can know. */
export function describeTables(
  { census, comparison, unreadable }: Awaited<ReturnType<typeof compareProfiles>>,
  live: string,
  log: { readonly unmerges: number; readonly unreadable: number },
): string[] {
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
    ...(unreadable > 0 ? [`${unreadable} profiles cannot be read, and are neither counted nor compared`] : []),
    ...(log.unreadable > 0
      ? [`${log.unreadable} lines of the identity log cannot be read; whom they are about has a new id`]
      : []),
    ...(log.unmerges > 0
      ? [
          `the rebuilt table does not contain ${log.unmerges} unmerges by operators: repeat them with npm run unmerge; the identity log lists them (kind = unmerge)`,
        ]
      : []),
  ];
}
