import { describe, expect, it } from 'vitest';
import { nextStep } from '../../../../lambdas/core/segments/due/pace.ts';

const pace = { wakesPerSecond: 500, longest: 45_000 };

describe('the pace of wakes', () => {
  it.each([
    { name: 'at the beginning', elapsed: 0, woken: 0, step: { kind: 'go' } },
    { name: 'as slow as it may be', elapsed: 1_000, woken: 500, step: { kind: 'go' } },
    { name: 'faster', elapsed: 100, woken: 500, step: { kind: 'wait', wait: 900 } },
    { name: 'faster by less than a millisecond', elapsed: 0, woken: 0.2, step: { kind: 'wait', wait: 1 } },
    { name: 'just before its time is over', elapsed: 44_999, woken: 0, step: { kind: 'go' } },
    { name: 'when its time is over', elapsed: 45_000, woken: 0, step: { kind: 'stop' } },
    { name: 'when it would wait until its time is over', elapsed: 44_000, woken: 22_500, step: { kind: 'stop' } },
  ])('$name', ({ elapsed, woken, step }) => expect(nextStep(pace, { elapsed, woken })).toEqual(step));

  it('lets an invocation wake as many as its rate and its time allow, and no page more', () => {
    let [elapsed, woken] = [0, 0];
    for (let pages = 0; pages < 10_000; pages++) {
      const step = nextStep(pace, { elapsed, woken });
      if (step.kind === 'stop') break;
      if (step.kind === 'wait') elapsed += step.wait;
      else [elapsed, woken] = [elapsed + 80, woken + 100];
    }
    expect(woken).toBe(500 * 45);
    expect(elapsed).toBeLessThan(45_000);
  });
});
