import { describe, expect, it } from 'vitest';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import type { Barrier } from '../../../lambdas/core/privacy/barrier.ts';
import {
  BarriersUnreadable,
  barrierIn,
  readBarrierList,
  type ShortHash,
} from '../../../lambdas/core/privacy/barrier-list.ts';
import { judge, judgeCorrection } from '../../../lambdas/core/privacy/verdict.ts';
import { sharedCases } from '../../fixtures/shared-rules.ts';

const hashIn = (hex: string): ShortHash => ({
  high: Number.parseInt(hex.slice(0, 8), 16),
  low: Number.parseInt(hex.slice(8), 16),
});

describe('a list of barriers in bytes', () => {
  const cases = sharedCases<Readonly<Record<'bytes' | 'hash', string>>, Barrier | null | 'unreadable'>(
    'barriers/lists',
  );
  it.each(cases)('$name', ({ input: { bytes, hash }, expected }) => {
    const found = () => barrierIn(readBarrierList(Buffer.from(bytes, 'hex')), hashIn(hash)) ?? null;
    if (expected === 'unreadable') expect(found).toThrow(BarriersUnreadable);
    else expect(found()).toEqual(expected);
  });
});

interface Judged {
  readonly identifiers: readonly Identifier[];
  readonly at: string;
  readonly barriers: Readonly<Record<string, Barrier>>;
  readonly correction: boolean;
}

describe('what barriers make of an event', () => {
  it.each(sharedCases<Judged, object>('barriers/verdicts'))('$name', ({ input, expected }) => {
    const rule = input.correction ? judgeCorrection : judge;
    expect(rule(input.identifiers, input.at, (id) => input.barriers[id])).toEqual(expected);
  });
});
