import { describe, expect, it } from 'vitest';
import { triesOf } from '../fixtures/laws.ts';
import { mustHappen, playImports, runImports, tellPlan } from './imports/campaign.ts';
import { type Change, minuteOf, piecesOf } from './imports/contacts.ts';
import { contentOf, written } from './imports/files.ts';
import { mistakes, unchecked } from './imports/mistakes.ts';
import { releasedMeanwhile } from './imports/plan.ts';
import { seededChance } from './running/chance.ts';
import { crash, dyingAtEachCall } from './running/deaths.ts';
import { Tally } from './running/tally.ts';
import { noFaults } from './running/worker.ts';

/** Other histories than these: `npm run simulate -- --of imports --histories 100000 --seed N`. */
const firstOfPart = [0, 50, 100, 150].map((n) => 1 + n);
const whole = 50;
const histories = triesOf(whole);

describe('whatever fails, whoever drops a file again', () => {
  const tally = new Tally();

  it.each(firstOfPart)('each row is in a profile once or in quarantine, histories %i and following', async (seed) => {
    const campaign = await runImports({ seed, histories, maxFailures: 1 });
    tally.addAll(campaign.tally);
    const [failure] = campaign.failures;
    expect(failure && `${failure.violations.join('\n')}\n${tellPlan(failure.plan)}`).toBeUndefined();
    expect(campaign.histories).toBe(histories);
  });

  // The rarest happen a few times in two hundred histories.
  if (histories === whole)
    it('each kind of fault really happened', () =>
      expect(mustHappen.filter((name) => tally.of(name) === 0)).toEqual([]));
});

it('a worker may die at any of its calls, before or after it', async () => {
  const columns = { id: 'r', at: '2026-04-01T10:00:00.000Z', user: 'user-1', email: 'a@example.org', city: 'Ulm' };
  const rows = [1, 2, 3, 4, 5].map((n) => written({ ...columns, id: `r${n}` }, true));
  const names = ['imports/files/crm/visits/0.csv', 'imports/files/crm/visits/0 again 1.csv'];
  const bad = written({ ...columns, at: 'at noon' }, false);
  const contents = [contentOf('visits', [...rows, bad], { day: 0, isRefused: false, names })];
  const lives: Change[] = [
    { id: '1', kind: 'created', changed: { email: 'a@example.org' }, at: minuteOf(1), day: 0 },
    { id: '1', kind: 'deleted', changed: {}, at: minuteOf(2), day: 0 },
    { id: '1', kind: 'created', changed: { email: 'b@example.org' }, at: minuteOf(3), day: 1 },
  ];
  const pieces = piecesOf(lives, seededChance(7));
  const plan = {
    seed: 7,
    contents,
    pieces,
    deletes: 'erase' as const,
    workers: 1,
    rates: { ...noFaults, crash },
    slow: 0,
  };
  const played = await dyingAtEachCall(plan.seed, async (chance, death) => {
    const { violations } = await playImports(plan, {}, chance);
    expect(violations, `death ${death}`).toEqual([]);
  });
  console.log(`${played - 1} deaths`);
  expect(played).toBeGreaterThan(50);
});

describe('an id that is released while somebody reads a call of earlier', () => {
  const violated = async (planted = {}): Promise<boolean[]> => {
    const found: boolean[] = [];
    for (let seed = 1; seed <= 20; seed++)
      found.push((await playImports(releasedMeanwhile(seed), planted)).violations.length > 0);
    return found;
  };

  it('names the person of then by the earlier release', async () => expect(await violated()).not.toContain(true));
  it('would not, if the call were written all the same', async () => expect(await violated(unchecked)).toContain(true));
});

describe('it is seen that', () => {
  it.each(Object.entries(mistakes))('%s', async (_name, planted) => {
    const { failures } = await runImports({ seed: 1, histories: 400, maxFailures: 1, planted });
    expect(failures).toHaveLength(1);
  });
});
