import { describe, expect, it } from 'vitest';
import { triesOf } from '../fixtures/laws.ts';
import { mustHappen, runCampaign } from './histories/campaign.ts';
import { shrink, tell } from './histories/shrink.ts';
import { Tally } from './running/tally.ts';

/** Other histories than these: `npm run simulate -- --histories 100000 --seed N`. */
const firstSeed = 1;
const firstOfPart = [0, 250, 500, 750].map((n) => firstSeed + n);
const whole = 250;
const histories = triesOf(whole);

describe('whatever fails, whoever races', () => {
  const tally = new Tally();

  it.each(firstOfPart)('profiles end as they must, histories %i and following', async (seed) => {
    const campaign = await runCampaign({ seed, histories, maxFailures: 1 });
    tally.addAll(campaign.tally);
    const [failure] = campaign.failures;
    const story =
      failure && `seed ${failure.plan.seed}\n${failure.violations.join('\n')}\n${tell(await shrink(failure.plan))}`;
    expect(story).toBeUndefined();
    expect(campaign.histories).toBe(histories);
  });

  it.each([
    { seed: 20284056, name: 'an unmerge whose caller died goes through when all others are done' },
    { seed: 9000750, name: 'a release that gives a name back tells what is true under it' },
  ])('$name, history $seed', async ({ seed }) =>
    expect((await runCampaign({ seed, histories: 1 })).failures).toEqual([]),
  );

  // The rarest happen a few times in a thousand histories.
  if (histories === whole)
    it('each kind of fault and contention really happened', () =>
      expect(mustHappen.filter((name) => tally.of(name) === 0)).toEqual([]));
});
