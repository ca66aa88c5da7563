import { Misused } from '../terminal/command.ts';

const units = new Map([
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/**
 * The beginning of a span: `90m`, `24h`, `7d` before now, or an instant of ISO 8601.
 * @throws Misused for anything else, and for the future
 */
export function beginning(text: string, now: number): number {
  const [, count, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const at = count === undefined ? instant(text) : now - Number(count) * (units.get(unit) ?? 0);
  if (Number.isNaN(at))
    throw new Misused(
      `--since is "${text}", and must be a span such as 90m, 24h or 7d, or a time such as 2026-05-01T10:00:00Z`,
    );
  if (at >= now) throw new Misused(`--since is "${text}", which is not in the past`);
  return at;
}

const instant = (text: string): number => (/^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN);
