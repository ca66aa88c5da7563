import { beforeAll, describe, expect, it } from 'vitest';
import { billOf, type DueCost, dueCost } from '../../bench/cost/due.ts';
import { standingCosts } from '../../bench/cost/standing.ts';
import { indexWrites } from '../../bench/metering/meter.ts';

describe('a month of people of weekly activity', () => {
  const costs = new Map<number, DueCost>();
  beforeAll(async () => {
    for (const people of [0, 1e6, 1e8]) costs.set(people, await dueCost(people));
  });

  it.each([
    { people: 0, together: 1, index: 0 },
    { people: 1e6, together: 16, index: 10.7 },
    { people: 1e8, together: 1_535, index: 1_006 },
  ])('costs at most $together dollars for $people, $index of them for the index', ({ people, together, index }) => {
    console.log(people, costs.get(people));
    expect(costs.get(people)?.together).toBeLessThanOrEqual(together);
    expect(costs.get(people)?.index).toBeLessThanOrEqual(index);
  });

  it('pays a write, a read and a write of the index for each wake', async () => {
    const bill = await billOf(200, 4);
    const of = (part: string, unit: string) => bill.lines.find((line) => line.part === part && line.unit === unit);
    expect(of('tend', 'dynamoWrite')?.unitsPerMillion).toBeGreaterThanOrEqual(200 * 1e6);
    expect(of('tend', 'dynamoRead')?.unitsPerMillion).toBeGreaterThanOrEqual(200 * 1e6);
    expect(of('tend, due index', 'dynamoWrite')?.unitsPerMillion).toBe(200 * 1e6);
  });

  it('is, while nothing is due, what a deployment with no events costs', () => {
    const schedule = { Type: 'AWS::Scheduler::Schedule', Properties: { ScheduleExpression: 'rate(1 minute)' } };
    const [tend] = standingCosts({ Resources: { a: schedule, b: schedule, c: schedule, d: schedule } });
    expect(tend?.what).toBe('tend: 4 starts a minute while nothing is due');
    expect(tend?.likely).toBeCloseTo(costs.get(0)?.idle ?? 0, 1);
  });
});

describe('the due index', () => {
  const [soon, late] = [
    { dueShard: 1, dueAt: 5 },
    { dueShard: 1, dueAt: 9 },
  ];
  it.each([
    { name: 'nothing is due', before: {}, after: {}, writes: 0 },
    { name: 'somebody new is', before: undefined, after: soon, writes: 1 },
    { name: 'it begins', before: {}, after: soon, writes: 1 },
    { name: 'it ends', before: soon, after: {}, writes: 1 },
    { name: 'it moves', before: soon, after: late, writes: 2 },
    { name: 'it stays', before: soon, after: { ...soon, version: 2 }, writes: 0 },
  ])('is written when $name: $writes', ({ before, after, writes }) => expect(indexWrites(before, after)).toBe(writes));
});
