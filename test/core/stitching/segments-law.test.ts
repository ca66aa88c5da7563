import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import { compile } from '../../../lambdas/core/segments/program/compile.ts';
import { configOf } from '../../fixtures/events.ts';
import { numRuns } from '../../fixtures/laws.ts';
import { definitions } from '../segments/evaluation/any-definition.ts';
import { lives, start } from '../segments/evaluation/any-life.ts';
import { SegmentPlay, type SegmentStep } from './segment-play.ts';

const seed = Number(process.env.SEGMENTS_SEED ?? 18);
const tries = Number(process.env.SEGMENTS_RUNS ?? numRuns(400));

/** Rules about accounts are left out, because a person's item has no traits of accounts. */
const defined = definitions.filter(
  (all) =>
    !JSON.stringify(all).includes('"account"') &&
    compile(all).flaws.every(({ message }) => !message.startsWith('must need at most')),
);
const configured = defined.map(
  (all): CdpConfig => ({ ...configOf({ identity: { limits: {}, defaultLimit: 100 } }), ...all }),
);
const steps: fc.Arbitrary<SegmentStep[]> = fc.array(
  fc.record({
    do: fc.constantFrom('event', 'event', 'event', 'event', 'again', 'login', 'unmerge'),
    device: fc.nat(3),
  }) as fc.Arbitrary<SegmentStep>,
  { minLength: 12, maxLength: 30 },
);

const seen = { wakes: 0, merges: 0, unmerges: 0, flips: 0 };

async function play(
  config: CdpConfig,
  { events, facts, times }: Parameters<Parameters<typeof lives.map>[0]>[0],
  all: readonly SegmentStep[],
): Promise<void> {
  const played = new SegmentPlay(config, start - 60_000);
  const check = (): void => {
    for (const { profileId, found, expected } of played.compared()) expect(found, profileId).toEqual(expected);
  };
  await played.introduce(0, facts);
  let next = 0;
  for (const step of all) {
    await played.step(step, events[next]);
    if (step.do === 'event') next += 1;
    check();
  }
  for (const time of [...times].sort((a, b) => a - b)) {
    await played.pass(time);
    check();
  }
  for (const kind of ['wakes', 'merges', 'unmerges', 'flips'] as const) seen[kind] += played.seen[kind];
}

it(`segments in the table are what the list of events gives after each event, merge, unmerge and wake (seed ${seed}, ${tries} runs)`, async () => {
  await fc.assert(fc.asyncProperty(configured, lives, steps, play), { numRuns: tries, seed });
  console.log(`segments-law: ${JSON.stringify(seen)}`);
  expect(Object.values(seen).every((times) => times > tries / 10)).toBe(true);
});
