import { describe, expect, it } from 'vitest';
import { standingLines } from '../../../bin/segments/histories.ts';
import type { HistoryStanding, RunOutcome } from '../../../lambdas/operations/histories/standing.ts';

const standing = { generation: 3, complete: 3, waiting: { segments: [], traits: [] } };

describe('what stands of histories', () => {
  it.each<{
    name: string;
    of: HistoryStanding | undefined;
    outcome: RunOutcome | undefined;
    says: readonly string[];
  }>([
    { name: 'nothing of a table without a registry', of: undefined, outcome: undefined, says: [] },
    {
      name: 'that nothing waits',
      of: standing,
      outcome: { at: '2026-05-01T10:00:00.000Z', waiting: {} },
      says: ['All definitions have their history (generation 3).'],
    },
    {
      name: 'what waits, and for what',
      of: { ...standing, complete: 1, waiting: { segments: ['lapsed'], traits: ['revenue'] } },
      outcome: undefined,
      says: [
        'These lack their history, so they stay undecided where a profile is older: lapsed, revenue (generation 3, brought up to 1). To bring it: deploy, then npm run segment -- apply',
      ],
    },
    {
      name: 'who was left out, and why',
      of: standing,
      outcome: { at: '2026-05-01T10:00:00.000Z', waiting: { 'it was unmerged meanwhile': 2 } },
      says: [
        'All definitions have their history (generation 3).',
        'At 2026-05-01T10:00:00.000Z, some profiles lacked a history, and what reads it stays as it is (2: it was unmerged meanwhile). To gather it again: npm run segment -- apply --histories',
      ],
    },
  ])('says $name', ({ of, outcome, says }) => expect(standingLines(of, outcome)).toEqual(says));
});
