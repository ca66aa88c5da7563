import type { compareProfiles } from '../../lambdas/adapters/dynamodb/compare-tables.ts';

/** Describes a rebuilt table: its content, its differences from the live one, and what a rebuild cannot know. */
export function describeTables(
  { census, comparison, unreadable }: Awaited<ReturnType<typeof compareProfiles>>,
  live: string,
  log: { readonly unmerges: number; readonly unreadable: number },
): string[] {
  const { people, accounts, events, merges } = census;
  const differing = Object.entries(comparison?.differing ?? {}).map(([kind, count]) => `${count} in ${kind}`);
  return [
    `it holds ${people} people, ${accounts} accounts, ${events} counted events, ${merges} merges`,
    ...(comparison
      ? [
          `${comparison.same} of ${live} profiles are the same; of the others ${differing.join(', ')} differ`,
          `only there: ${comparison.onlyThere}, only here: ${comparison.onlyHere}`,
        ]
      : []),
    ...(unreadable > 0 ? [`${unreadable} profiles cannot be read; they are neither counted nor compared`] : []),
    ...(log.unreadable > 0
      ? [`${log.unreadable} lines of the identity log cannot be read; their profiles have new ids`]
      : []),
    ...(log.unmerges > 0
      ? [
          `the rebuilt table does not contain ${log.unmerges} unmerges by operators: repeat them with npm run unmerge; the identity log lists them (kind = unmerge)`,
        ]
      : []),
  ];
}
