import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lakeEnd } from '../../../lambdas/core/privacy/lake-end.ts';
import type { EraserRun, LakeProof } from '../../../lambdas/core/privacy/lake-proof.ts';
import { numRuns } from '../../fixtures/laws.ts';

const [erasedAt, tableEmptiedAt] = ['2026-05-01T12:00:00.000Z', '2026-05-01T17:00:00.000Z'];
const request = { erasedAt, tableEmptiedAt };
const at = (time: string, milliseconds = 0): string => new Date(Date.parse(time) + milliseconds).toISOString();
const twoDaysLater = at(tableEmptiedAt, 2 * 86_400_000);
const run: EraserRun = { startedAt: twoDaysLater, endedAt: at(twoDaysLater, 60_000), upTo: erasedAt };
const proofOf = (news: Partial<EraserRun & LakeProof>): LakeProof => {
  const { startedAt = run.startedAt, endedAt = run.endedAt, upTo = run.upTo, cleanedBefore = endedAt } = news;
  return { version: 1, runs: [{ startedAt, endedAt, upTo }], cleanedBefore };
};

describe('the lake has nothing of an erased person', () => {
  it.each([
    { of: 'a run that began two days after the table was empty', proof: proofOf({}), ends: true },
    { of: 'a run that began a millisecond earlier', proof: proofOf({ startedAt: at(twoDaysLater, -1) }), ends: false },
    { of: 'a run that began later', proof: proofOf({ startedAt: at(twoDaysLater, 1) }), ends: true },
    { of: 'a run for this erasure and later ones', proof: proofOf({ upTo: at(erasedAt, 1) }), ends: true },
    { of: 'a run for erasures of a millisecond before', proof: proofOf({ upTo: at(erasedAt, -1) }), ends: false },
    { of: 'files that are clean to its end', proof: proofOf({ cleanedBefore: run.endedAt }), ends: true },
    { of: 'files clean a millisecond less', proof: proofOf({ cleanedBefore: at(run.endedAt, -1) }), ends: false },
    { of: 'files that are clean further', proof: proofOf({ cleanedBefore: at(run.endedAt, 1) }), ends: true },
  ])('by $of: $ends', ({ proof, ends }) => {
    const { waitsFor, evidence } = lakeEnd(request, { proof });
    expect(waitsFor === undefined).toBe(ends);
    expect(evidence !== undefined).toBe(ends);
  });

  it('not by conditions that different runs fulfil', () => {
    const early = { ...run, startedAt: at(twoDaysLater, -1) };
    const unseen = { ...run, upTo: at(erasedAt, -1) };
    const young = { ...run, endedAt: at(run.endedAt, 10) };
    const proof: LakeProof = { version: 1, runs: [early, unseen, young], cleanedBefore: at(run.endedAt, 9) };
    expect(lakeEnd(request, { proof }).waitsFor).toContain(`until it says so of ${young.endedAt}`);
    expect(lakeEnd(request, { proof: { ...proof, cleanedBefore: young.endedAt } }).evidence).toContain(young.endedAt);
  });

  it('and says by which run, with its times', () => {
    const later = { ...run, endedAt: at(run.endedAt, 5) };
    const proof: LakeProof = { version: 1, runs: [later, run], cleanedBefore: at(run.endedAt, 7) };
    expect(lakeEnd(request, { proof }).evidence).toBe(
      `the lake’s eraser ran from ${run.startedAt} to ${run.endedAt}, for erasures up to ${erasedAt}; ` +
        `what was deleted before ${proof.cleanedBefore} is in no file`,
    );
  });

  it.each([
    { says: {}, of: {}, waitsFor: /^the lake’s eraser: it must run after 2026-05-03T17:00:00.000Z$/ },
    { says: { proof: proofOf({ startedAt: erasedAt }) }, of: {}, waitsFor: /it must run after 2026-05-03T17/ },
    {
      says: { proof: proofOf({ upTo: at(erasedAt, -1) }) },
      of: {},
      waitsFor: /once more, after all jobs .* this erasure/,
    },
    {
      says: { proof: proofOf({ cleanedBefore: erasedAt }) },
      of: {},
      waitsFor: /it has run, .* from before 2026-05-01T12/,
    },
    { says: { problem: 'version: is 2' }, of: {}, waitsFor: /whose proof cannot be read: version: is 2$/ },
    { says: { problem: 'x' }, of: { tableEmptiedAt: undefined }, waitsFor: /2 days after the profile table is empty$/ },
    // Before there was a time of the erasure, that of the table stands for it.
    { says: { proof: proofOf({}) }, of: { erasedAt: undefined }, waitsFor: /once more, after all jobs/ },
  ])('or says what it waits for: $waitsFor', ({ says, of, waitsFor }) =>
    expect(lakeEnd({ ...request, ...of } as typeof request, says).waitsFor).toMatch(waitsFor),
  );

  it('by exactly the three conditions, whatever runs there are, in any order', () => {
    const near = (time: string) => fc.integer({ min: -3, max: 3 }).map((off) => at(time, off));
    const anyRun = fc.record({ startedAt: near(twoDaysLater), endedAt: near(run.endedAt), upTo: near(erasedAt) });
    fc.assert(
      fc.property(fc.array(anyRun, { maxLength: 6 }), near(run.endedAt), (runs, cleanedBefore) => {
        const proves = runs.some(
          ({ startedAt, endedAt, upTo }) =>
            Date.parse(startedAt) - Date.parse(tableEmptiedAt) >= 2 * 86_400_000 &&
            Date.parse(upTo) >= Date.parse(erasedAt) &&
            Date.parse(endedAt) <= Date.parse(cleanedBefore),
        );
        const { waitsFor, evidence } = lakeEnd(request, { proof: { version: 1, runs, cleanedBefore } });
        expect([waitsFor === undefined, evidence !== undefined]).toEqual([proves, proves]);
      }),
      { numRuns: numRuns(1000) },
    );
  });
});
