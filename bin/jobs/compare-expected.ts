import * as z from 'zod';

/** The line that the job `profiles` prints at its end, as far as it is about what differs as expected. */
const Summary = z.object({
  job: z.literal('profiles'),
  comparison: z.object({ taken_at: z.string(), awaited: z.record(z.string(), z.int()).optional() }),
});

/**
 * How many memberships differ as expected, by segment, after the comparison of the export of `taken`; undefined where
 * the job's output does not say.
 */
export function awaitedIn(lines: readonly string[], taken: Date): ReadonlyMap<string, number> | undefined {
  const summaries = lines.flatMap((line) => Summary.safeParse(parsed(line)).data?.comparison ?? []);
  const found = summaries.findLast(({ taken_at: at }) => Date.parse(at) === taken.getTime());
  return found && new Map(Object.entries(found.awaited ?? {}));
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** What an operator is told of memberships that differ as expected, and are in no table of differences. */
export function wordsOnAwaited(awaited: ReadonlyMap<string, number> | undefined): string[] {
  if (awaited === undefined)
    return [
      'The output of the job profiles does not say how many memberships wait for their history. See what waits: npm run segment -- status',
    ];
  if (awaited.size === 0) return [];
  const sum = [...awaited.values()].reduce((all, one) => all + one, 0);
  const each = [...awaited].map(([key, number]) => `${key} ${figure(number)}`).join(', ');
  return [
    `${figure(sum)} more ${sum === 1 ? 'membership differs' : 'memberships differ'} as expected, and nothing is wrong with them: these people, or accounts of theirs, lack the history of something new that the segment reads. Until they have it, they stay in the segment or out of it as they were. By segment: ${each}. To bring the history: npm run segment -- apply`,
  ];
}

/**
 * What an operator is told of accounts whose events began earlier in the lake than in the table, by the number of
 * their differences.
 */
export function wordsOnAccounts(differences: number): string[] {
  if (differences === 0) return [];
  return [
    `${figure(differences)} of the differences ${differences === 1 ? 'is' : 'are'} of accounts whose events begin earlier in the lake than in the table. An account counts from the first call on that a definition of accounts read when it came; the lake counts earlier calls, too. If a segment or a computed trait of accounts is newer than these accounts, that explains them.`,
  ];
}

const figure = (number: number): string => number.toLocaleString('en-US');
