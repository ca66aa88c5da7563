import { describe, expect, it } from 'vitest';
import { seedOfRun, triesOf } from '../fixtures/laws.ts';
import { type Campaign, campaign } from './deliveries/campaign.ts';

const seed = seedOfRun();
const told = ({ wrong, ...counts }: Campaign) =>
  Object.entries(counts)
    .map(([what, count]) => `${count} ${what}`)
    .join(', ');

const manners = ['one by one', 'in batches', 'in batches, slowly'] as const;

describe('a destination that fails at random', () => {
  it.each(manners)(
    'told %s has exactly the members under their names of now, once letters are sent again to it when it works',
    async (manner) => {
      const found = await campaign({ seed, runs: triesOf(2_000), manner });
      console.log(`deliveries ${manner}: seed ${seed}, ${told(found)}`);
      expect(found.wrong).toEqual([]);
      for (const count of [found.crashes, found.repeated, found.together, found.letters, found.redriven, found.held])
        expect(count).toBeGreaterThan(0);
    },
  );
});

describe('a destination that advertises', () => {
  it.each(manners)('told %s is told about nobody who does not allow it at that moment', async (manner) => {
    const found = await campaign({ seed, runs: triesOf(500), manner, asks: true });
    console.log(`deliveries with consent ${manner}: seed ${seed}, ${told(found)}`);
    expect(found.wrong).toEqual([]);
    expect(found.withheld).toBeGreaterThan(0);
  });

  it('is found out when it trusts what it read once', async () => {
    const planted = 'the truth is that of the queue';
    const { wrong } = await campaign({ seed, runs: 400, manner: 'in batches', asks: true, planted, until: 50 });
    expect(wrong.join()).toContain("was told against somebody's will");
  });
});

describe('and it is found when', () => {
  it.each([
    'a crash deletes',
    'letters lose their content',
    'the memory forgets',
    'the truth is that of the queue',
    'letters are not sent again',
    'who is suppressed stays',
  ] as const)('%s', async (planted) => {
    const { wrong } = await campaign({ seed, runs: 400, manner: 'in batches', planted, until: 1 });
    expect(wrong.length).toBeGreaterThan(0);
  });
});
