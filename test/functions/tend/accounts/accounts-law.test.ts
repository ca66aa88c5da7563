import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CdpConfig } from '../../../../lambdas/core/config/config.ts';
import { textOf } from '../../../../lambdas/core/identifiers/identifier.ts';
import { seededRandom } from '../../../../local/demo/shop/random.ts';
import { lives } from '../../../core/segments/evaluation/any-life.ts';
import { configOf } from '../../../fixtures/events.ts';
import { numRuns } from '../../../fixtures/laws.ts';
import { eventsOf, eventsOfAccount, segmentsOf } from './account-oracle.ts';
import { AccountPlay } from './account-play.ts';
import { defined, manySteps, played, type Step } from './any-accounts.ts';

const seed = Number(process.env.ACCOUNTS_SEED ?? 19);
const tries = Number(process.env.ACCOUNTS_RUNS ?? numRuns(600));

const seen = { ...new AccountPlay(configOf({}), 0, seededRandom(0)).seen, members: 0, compared: 0 };

function check(whole: AccountPlay, config: CdpConfig): void {
  const world = { config, toldTo: whole.toldTo, now: whole.now };
  for (const profile of whole.table.live()) {
    const found = [...profile.segments.keys()].sort();
    const [groupId] = [...profile.identifiers.keys()].map(textOf);
    const expected =
      profile.collection === 'accounts'
        ? segmentsOf(eventsOfAccount(String(groupId), world), 'accounts', world)
        : segmentsOf(eventsOf(profile, world), 'people', world);
    expect(found, profile.profileId).toEqual(expected);
    seen.members += found.length;
    seen.compared += 1;
  }
}

async function play(
  config: CdpConfig,
  life: Parameters<Parameters<typeof lives.map>[0]>[0],
  steps: readonly [readonly Step[], number],
): Promise<void> {
  const whole = await played(config, life, steps);
  check(whole, config);
  for (const time of [...life.times].sort((a, b) => a - b)) {
    await whole.settle(time);
    check(whole, config);
  }
  for (const kind of Object.keys(whole.seen) as (keyof AccountPlay['seen'])[]) seen[kind] += whole.seen[kind];
}

it(`segments of people and of their accounts are what the events give, whoever is overtaken, merges, parts or dies (seed ${seed}, ${tries} runs)`, async () => {
  const steps = fc.tuple(manySteps, fc.nat(1_000_000));
  await fc.assert(fc.asyncProperty(defined, lives, steps, play), { numRuns: tries, seed });
  console.log(`accounts-law: ${JSON.stringify(seen)}`);
  expect(Object.values(seen).every((times) => times > tries / 20)).toBe(true);
});
