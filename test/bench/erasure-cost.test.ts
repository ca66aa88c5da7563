import { describe, expect, it } from 'vitest';
import { dollarsOf, erasureCost, lakeAssumptions, lakeCost } from '../../bench/cost/erasure.ts';

describe('what an erasure costs', () => {
  it('is counted by person in the table, and the list is written once a step', async () => {
    const [one, ten] = await Promise.all([erasureCost(1), erasureCost(10)]);
    expect(one.table.dynamoWrite).toBeGreaterThan(10);
    for (const unit of ['dynamoRead', 'dynamoWrite', 's3Put'] as const)
      expect(Math.abs((ten.table[unit] ?? 0) / (one.table[unit] ?? 0) - 10)).toBeLessThan(0.5);
    expect(dollarsOf(one.table)).toBeLessThan(0.001);
  });

  it('is mostly the reading of all sightings for one person, and never more than writing the lake again', () => {
    const of = { ...lakeAssumptions, events: 10_000_000 };
    const [one, all] = [lakeCost(1, of), lakeCost(10_000_000, of)];
    const bytes = of.events * (of.eventBytes + of.sightingBytes);
    expect(all.s3Put).toBeCloseTo(Math.ceil(bytes / of.fileBytes), -1);
    expect(dollarsOf(one)).toBeLessThan(dollarsOf(all));
    expect(lakeCost(0, of)).toMatchObject({ s3Put: 0, s3GbMonth: 0 });
  });
});
