import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { breakEven, byRequest, byTheHour } from '../../bench/cost/capacity.ts';
import { costOf } from '../../bench/cost/cost.ts';
import { changesOfOneDestination, eventsOfOneBatch, needsOneByOne, scaleColumns } from '../../bench/cost/scale.ts';
import { scaleNeeds, scaleRow } from '../../bench/cost/scale-bench.ts';
import { assumedSeconds, assumptions } from '../../bench/metering/assumptions.ts';

const page = readFileSync('docs/guides/scale.md', 'utf8');

describe('docs/guides/scale.md', () => {
  // Counted once: it plays thousands of events.
  const needs = scaleNeeds();

  it('says what is computed from counted units', async () => {
    expect(page).toContain(`| ${scaleColumns.map(([name]) => name).join(' | ')} |`);
    for (const needed of await needs) expect(page).toContain(`| ${scaleRow(needed).join(' | ')} |`);
  });

  it('says what one batch after the other and one destination manage', () => {
    const known = [1, 20].map((f) => eventsOfOneBatch(f));
    const fresh = [1, 20].map((f) => eventsOfOneBatch(f, assumptions.dynamoTransaction));
    for (const [n, f] of ['1', '20'].entries()) {
      const [told, toldOfNew] = [known, fresh].map((rates) =>
        (Math.round((rates[n] ?? 0) / 100) * 100).toLocaleString('en-US'),
      );
      expect(page).toContain(`| ${f} | ${told} | ${toldOfNew} |`);
    }
    const told = Math.round(changesOfOneDestination(10) / 10) * 10;
    expect(page).toContain(`${told} changes a second`);
    for (const file of ['docs/guides/configure.md', 'lib/blocks/capacity-props.ts'])
      expect(readFileSync(file, 'utf8'), file).toContain(`${told} people a second`);
  });

  it('says of a million events what the cost bench says, but for processor time, which is assumed here and measured there', async () => {
    const { tables } = JSON.parse(readFileSync('bench/results/cost.json', 'utf8')) as {
      tables: readonly { rows: readonly string[][] }[];
    };
    for (const { eventsPerSecond, f, dollars } of await needs) {
      const measured = Number(tables[0]?.rows.find(([traffic]) => traffic === `f = ${f}`)?.at(-1));
      const millions = (eventsPerSecond * 3600 * assumptions.hoursPerMonth) / 1e6;
      expect(Math.abs(dollars / millions / measured - 1), `f = ${f}`).toBeLessThan(0.04);
    }
  });

  it('says what events one by one need', () => {
    for (const rate of [1000, 10_000, 50_000]) {
      const { collects, shards } = needsOneByOne(rate);
      expect(page).toContain(`| ${rate.toLocaleString('en-US')} | ${collects.toLocaleString('en-US')} | ${shards} |`);
    }
  });
});

describe('capacity by the hour', () => {
  it.each([1, 20])(
    'costs at f = %i what requests cost when 29 %% of it is used, and less than half at 70 %%',
    async (fold) => {
      const { bill } = await costOf({ fold, seed: 1, events: 1000, seconds: assumedSeconds });
      expect(breakEven(bill)).toBeCloseTo(0.289, 3);
      expect(byTheHour(bill, breakEven(bill))).toBeCloseTo(byRequest(bill), 6);
      expect(byTheHour(bill, 0.7) / byRequest(bill)).toBeCloseTo(0.413, 3);
      expect(byTheHour(bill, 0.9) / byRequest(bill)).toBeCloseTo(0.321, 3);
    },
  );
});
