import * as z from 'zod';
import { got } from '../values/got.ts';

const minutesOf: ReadonlyMap<string, number> = new Map([
  ['m', 1],
  ['h', 60],
  ['d', 24 * 60],
]);
const hour = 60;
const day = 24 * hour;
/** An alarm of CloudWatch looks back one week at most, and one day in steps of less than an hour. */
const longest = 7 * day;
/** Minutes of the steps in which an alarm looks back. */
const shortStep = 5;
const shortest = 15;

/** Minutes of a time such as `6h`. */
export const expectedMinutes = (text: string): number =>
  Number(text.slice(0, -1)) * (minutesOf.get(text.slice(-1)) ?? Number.NaN);

/** Minutes of a step in which an alarm looks back over such a time. */
export const expectedStep = (text: string): number => (expectedMinutes(text) % hour === 0 ? hour : shortStep);

function flawOf(given: unknown): string | undefined {
  if (typeof given !== 'string' || !/^[1-9]\d{0,5}[mhd]$/.test(given))
    return 'use minutes, hours or days, such as "90m", "6h" or "1d"';
  const minutes = expectedMinutes(given);
  if (minutes < shortest) return 'must be at least 15m';
  if (minutes > longest) return 'must be at most 7d, because an alarm of CloudWatch looks back no further';
  if (minutes % hour === 0) return undefined;
  if (minutes > day) return 'must be whole hours when it is more than a day';
  return minutes % shortStep === 0 ? undefined : 'must be a multiple of 5 minutes';
}

const saying = ({ input }: { readonly input?: unknown }): string => `${flawOf(input)}; ${got(input)}`;
const Expected = z.string({ error: saying }).refine((given) => flawOf(given) === undefined, { error: saying });

/** Share of rows that may be refused before an alarm rings, unless a source says otherwise. */
export const usualRefusedShare = 0.05;
/** So few refused rows or events of an hour ring no alarm, whatever their share. */
export const fewRefused = 10;

/** When an alarm rings about a source. */
export const watched = {
  /**
   * How long nothing may come before an alarm rings: `15m` to `7d`, e.g. `1d` for a nightly export. It also rings when
   * nothing ever came. By default, a source may be silent.
   */
  expectEvery: Expected.optional(),
  /**
   * Greatest share of an hour's rows or events that may be refused before an alarm rings, 0 to 1. By default, 0.05 for
   * sources of rows; other sources have this alarm only if they say a share.
   */
  maxRefusedShare: z.number().min(0).max(1).optional(),
};
