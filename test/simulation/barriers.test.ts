import { describe, expect, it } from 'vitest';
import { numRuns } from '../fixtures/laws.ts';
import { mustHappen, playBarred, playSeed, runBarred } from './histories/barred-campaign.ts';
import type { PlantedMistake } from './histories/barred-history.ts';
import { rewritePuts, unreadBarriers, withoutCondition } from './histories/sabotage.ts';
import { crash, dyingAtEachCall } from './running/deaths.ts';
import { firstViolation } from './running/first-violation.ts';
import { Tally } from './running/tally.ts';
import { noFaults } from './running/worker.ts';

describe('people who are erased and suppressed', () => {
  it('are nowhere of what barriers stop, and nobody else loses anything, whoever writes and whatever fails', async () => {
    const runs = numRuns(200);
    const { tally, failures } = await runBarred({ seed: 1, histories: runs });
    expect(failures).toEqual([]);
    console.log(`${runs} histories, seeds 1 to ${runs}`, Object.fromEntries(tally.sorted()));
    for (const kind of runs < 200 ? [] : mustHappen) expect(tally.of(kind), kind).toBeGreaterThan(0);
  });

  it('are so when a worker dies at any of its calls, before or after the call takes effect', async () => {
    const [deaths, tally] = [[] as number[], new Tally()];
    for (const seed of [1, 2]) {
      const played = await dyingAtEachCall(seed, async (chance, death) => {
        const history = await playBarred(2, { ...noFaults, crash }, chance);
        expect(history.violations, `seed ${seed}, death ${death}`).toEqual([]);
        tally.addAll(history.tally);
      });
      deaths.push(played);
    }
    console.log(`${deaths.join(' and ')} deaths`, Object.fromEntries(tally.sorted()));
    expect(Math.min(...deaths)).toBeGreaterThan(50);
    const inDeaths = ['requests: erasure', 'requests: suppress', 'requests: opt_out', 'profiles deleted'];
    for (const kind of [...inDeaths, 'opt-outs completed', 'refusals beside a yes of a device'])
      expect(tally.of(kind), kind).toBeGreaterThan(0);
  });

  type Put = Parameters<Parameters<typeof rewritePuts>[0]>[0];
  const without = (name: string) =>
    rewritePuts(({ Item: { [name]: _, ...Item } = {}, ...put }: Put) => ({ ...put, Item }));
  const forgetful = rewritePuts(({ Item = {}, ...put }: Put) => {
    const { consent: _, ...without } = Item;
    return { ...put, Item: Number(Item.version) % 3 === 0 ? without : Item };
  });
  // A row of consent is its category, whose it is, and whether it is granted.
  const generous = rewritePuts(({ Item = {}, ...put }: Put) => {
    if (typeof Item.consent !== 'string') return { ...put, Item };
    const rows: [string, string, number, ...unknown[]][] = JSON.parse(Item.consent);
    const granted = Math.max(...rows.map(([, , one]) => one));
    const all = rows.map(([category, whose, , ...rest]) => [category, whose, granted, ...rest]);
    return { ...put, Item: { ...Item, consent: JSON.stringify(all) } };
  });
  const greedy = rewritePuts(({ Item = {}, ...put }: Put) => {
    if (typeof Item.identifiers !== 'string') return { ...put, Item };
    const another = ['user_id:another', 'mwrugps0', 'mwrugps0', 'mwrugps0'];
    return { ...put, Item: { ...Item, identifiers: JSON.stringify([...JSON.parse(Item.identifiers), another]) } };
  });
  it.each<{ name: string; planted: PlantedMistake; says: RegExp }>([
    {
      name: 'stitch loses barriers',
      planted: { of: 'stitch', sabotage: without('barrier') },
      says: /which was erased/,
    },
    {
      name: 'stitch reads no barriers of whom it knows',
      planted: { of: 'stitch', sabotage: unreadBarriers },
      says: /took in/,
    },
    {
      name: 'who is suppressed stays in segments',
      planted: { of: 'officer', sabotage: without('suppressed') },
      says: /is not suppressed/,
    },
    {
      name: 'stitch loses what was refused at every third write',
      planted: { of: 'stitch', sabotage: forgetful },
      says: /forgot that/,
    },
    {
      name: 'a yes of one device counts for the whole person',
      planted: { of: 'stitch', sabotage: generous },
      says: /may be sold, and/,
    },
    {
      name: 'stitch loses what it counts',
      planted: { of: 'stitch', sabotage: without('aggregates') },
      says: /by what was said to it/,
    },
    {
      name: 'who is erased leaves segments, and no destination is told so',
      planted: { of: 'officer', sabotage: without('changes') },
      says: /who is nobody, for a member/,
    },
    {
      name: 'stitch gives everybody one more user id',
      planted: { of: 'stitch', sabotage: greedy },
      says: /has \d identifiers of user_id/,
    },
    {
      name: 'the officer writes whatever others wrote',
      planted: { of: 'officer', sabotage: rewritePuts(withoutCondition) },
      says: /went from version|is nowhere/,
    },
  ])('are seen not to be so when $name', async ({ planted, says }) => {
    expect(await firstViolation(says, 200, (seed) => playSeed(seed, planted))).toBeDefined();
  });
});
