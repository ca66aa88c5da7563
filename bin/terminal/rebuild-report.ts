import type { compareProfiles } from '../../lambdas/adapters/dynamodb/compare-tables.ts';

type Tables = Awaited<ReturnType<typeof compareProfiles>>;

/** Describes a rebuilt table: its content, its differences from the live one, and what a rebuild cannot know. */
export function describeTables(
  { census, comparison, unreadable }: Tables,
  live: string,
  log: { readonly unmerges: number; readonly unreadable: number },
): string[] {
  const { people, accounts, events, merges } = census;
  return [
    `The table contains ${people} people, ${accounts} accounts, ${events} counted events and ${merges} merges.`,
    ...(comparison ? describeComparison(comparison, live) : []),
    ...(unreadable > 0
      ? [`${unreadable} profiles cannot be read. The numbers above do not include these profiles.`]
      : []),
    ...(log.unreadable > 0
      ? [`${log.unreadable} lines of the identity log cannot be read. Their profiles have new ids.`]
      : []),
    ...(log.unmerges > 0
      ? [
          `The rebuilt table does not contain ${log.unmerges} unmerges by operators. Repeat them with npm run unmerge; the identity log lists them (kind = unmerge).`,
        ]
      : []),
  ];
}

function describeComparison(
  { same, differing, onlyThere, onlyHere }: NonNullable<Tables['comparison']>,
  live: string,
): string[] {
  const differences = Object.entries(differing).flatMap(([kind, count]) => (count > 0 ? [`${kind} in ${count}`] : []));
  return [
    `${same} profiles are equal in both tables.`,
    ...(differences.length > 0 ? [`Other profiles differ: ${differences.join(', ')}.`] : []),
    `${onlyThere} profiles are only in ${live}, ${onlyHere} only in the rebuilt table.`,
  ];
}
