import { describe, expect, it } from 'vitest';
import { NoLakeProof, readLakeProof } from '../../../lambdas/core/privacy/lake-proof.ts';

const run = { startedAt: '2026-05-03T12:00:00Z', endedAt: '2026-05-03T12:20:00Z', upTo: '2026-05-01T12:00:00Z' };
const proof = { version: 1, runs: [run], cleanedBefore: '2026-04-26T12:00:00Z' };
const problemOf = (text: string): string => {
  try {
    readLakeProof(text);
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(NoLakeProof);
    return (error as Error).message;
  }
};

describe('the proof of the lake’s eraser', () => {
  it('is read with times in one form, however they were written', () => {
    const other = {
      ...run,
      startedAt: '2026-05-03T14:00:00.000000+02:00',
      endedAt: '2026-05-03T12:20:00.123456+00:00',
    };
    expect(readLakeProof(JSON.stringify({ ...proof, runs: [other], more: 'of a later version' }))).toEqual({
      version: 1,
      runs: [
        {
          startedAt: '2026-05-03T12:00:00.000Z',
          endedAt: '2026-05-03T12:20:00.123Z',
          upTo: '2026-05-01T12:00:00.000Z',
        },
      ],
      cleanedBefore: '2026-04-26T12:00:00.000Z',
    });
    expect(readLakeProof(JSON.stringify({ ...proof, runs: [] })).runs).toEqual([]);
  });

  it.each([
    { text: '', problem: 'the file: ' },
    { text: '{"version": 1, "runs"', problem: 'the file: ' },
    { text: '[]', problem: 'the file: ' },
    { text: JSON.stringify({ ...proof, version: 2 }), problem: 'version: ' },
    { text: JSON.stringify({ ...proof, runs: undefined }), problem: 'runs: ' },
    { text: JSON.stringify({ ...proof, cleanedBefore: 'yesterday' }), problem: 'cleanedBefore: must be a time of ISO' },
    { text: JSON.stringify({ ...proof, cleanedBefore: '2026-05-03 12:00:00' }), problem: 'cleanedBefore: must be a' },
    { text: JSON.stringify({ ...proof, runs: [run, { ...run, upTo: null }] }), problem: 'runs[1].upTo: ' },
    { text: JSON.stringify({ ...proof, runs: [{ ...run, endedAt: '2026-02-30T12:00:00Z' }] }), problem: 'runs[0].end' },
  ])('is refused with the name of the field: $problem', ({ text, problem }) =>
    expect(problemOf(text)).toContain(`the proof of the lake’s eraser: ${problem}`),
  );
});
