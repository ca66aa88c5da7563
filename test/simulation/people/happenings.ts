import { parseConfig } from '../../../lambdas/core/config/config.ts';
import { did, stopped } from '../../../lambdas/core/segments/language/events.ts';
import type { Chance } from '../running/chance.ts';

const minute = 60_000;

/** Segments that change by themselves, each within an hour. */
export const dueConfig = parseConfig({
  sources: [{ id: 'shop', kind: 'server', writeKey: 'a-write-key' }],
  segments: [
    { key: 'cart', name: 'Left a cart', where: did('Added').thenNot('Bought').within('1h') },
    { key: 'often', name: 'Viewed twice', where: did('Viewed').atLeast(2).within('20m') },
    { key: 'quiet', name: 'Viewed nothing any more', where: stopped('Viewed', '30m') },
    { key: 'recent', name: 'Viewed lately', where: did('Viewed').within('10m') },
  ],
});
const names = ['Viewed', 'Viewed', 'Added', 'Bought'] as const;

/** An event, or a login that makes two people one. */
export interface Happened {
  readonly messageId: string;
  readonly event: (typeof names)[number] | undefined;
  readonly userId: string | undefined;
  readonly anonymousId: string | undefined;
  /** When it happened, milliseconds since 1970; it may come late. */
  readonly at: number;
  /** Whether a page asked on the device, and somebody allowed the sale of their data. */
  readonly allowsSale?: boolean;
}

/** Something that somebody does, on a device of theirs or of another, known or not. */
export function someHappening(n: number, people: number, now: number, chance: Chance): Happened {
  const device = chance.below(2 * people);
  const user = chance.happens(0.1) ? chance.below(people) : device % people;
  const isLogin = chance.happens(0.2);
  const named = isLogin ? 'both' : chance.pick(['user', 'user', 'device', 'device', 'both']);
  return {
    messageId: `m-${n}`,
    event: isLogin ? undefined : chance.pick(names),
    userId: named === 'device' ? undefined : `user-${user}`,
    anonymousId: named === 'user' ? undefined : `device-${device}`,
    at: chance.happens(0.3) ? now - chance.below(25) * minute : now,
  };
}

/** As collect puts it on the stream. */
export function lineOf({ event, at, allowsSale, ...named }: Happened, receivedAt: number): string {
  const timestamp = new Date(at).toISOString();
  const stamps = { timestamp, originalTimestamp: timestamp, receivedAt: new Date(receivedAt).toISOString() };
  const said = event === undefined ? { type: 'identify', traits: {} } : { type: 'track', event };
  const context = { consent: { categoryPreferences: { sale_or_share: true } } };
  return JSON.stringify({ ...said, ...named, ...stamps, sourceId: 'shop', ...(allowsSale && { context }) });
}

/** The segments of somebody to whom these events were said, from the list of them alone. */
export function segmentsAt(said: readonly Happened[], now: number): string[] {
  const times = (name: string): number[] => said.flatMap(({ event, at }) => (event === name ? [at] : []));
  const [viewed, bought, added] = ['Viewed', 'Bought', 'Added'].map(times) as [number[], number[], number[]];
  const lastAdded = Math.max(...added);
  const isIn = {
    cart: now - lastAdded >= 60 * minute && added.length > 0 && bought.every((at) => at < lastAdded),
    often: viewed.filter((at) => now - at < 20 * minute).length >= 2,
    quiet: viewed.length > 0 && viewed.every((at) => now - at >= 30 * minute),
    recent: viewed.some((at) => now - at < 10 * minute),
  };
  return Object.entries(isIn).flatMap(([key, is]) => (is ? [key] : []));
}
