import { type CdpConfig, parseConfig } from '../../../lambdas/core/config/config.ts';
import { count, sum } from '../../../lambdas/core/segments/language/compute.ts';
import { did, didNot, stopped } from '../../../lambdas/core/segments/language/events.ts';
import { account, inSegment, trait } from '../../../lambdas/core/segments/language/people.ts';
import type { Rule } from '../../../lambdas/core/segments/language/rule.ts';
import type { Chance } from '../running/chance.ts';

const minute = 60_000;
const names = ['Viewed', 'Viewed', 'Added', 'Bought', 'Bought'] as const;
const firms = ['acme', 'globex'] as const;

/** An event, a call about an account, or a login that makes two people one. */
export interface Happened {
  readonly messageId: string;
  readonly event?: (typeof names)[number];
  readonly userId?: string;
  readonly anonymousId?: string;
  /** The account that it names. */
  readonly groupId?: string;
  /** What it says of the account. */
  readonly plan?: string;
  /** When it happened, milliseconds since 1970; it may come late. */
  readonly at: number;
}

/** What each event is worth, by its message. */
export const amountOf = ({ messageId }: Pick<Happened, 'messageId'>): number => Number(messageId.slice(2)) % 7;

/** Something that somebody does, on a device of theirs or of another. */
export function someHappening(n: number, people: number, now: number, chance: Chance): Happened {
  const device = chance.below(2 * people);
  const user = chance.happens(0.1) ? chance.below(people) : device % people;
  const kind = chance.pick(['login', 'group', 'track', 'track', 'track', 'track', 'track', 'track']);
  const named = kind === 'login' ? 'both' : chance.pick(['user', 'user', 'device', 'device', 'both']);
  return {
    messageId: `m-${n}`,
    ...(kind === 'track' && { event: chance.pick(names) }),
    ...(kind === 'track' && chance.happens(0.3) && { groupId: chance.pick(firms) }),
    ...(kind === 'group' && { groupId: chance.pick(firms), plan: chance.pick(['free', 'pro']) }),
    ...(named !== 'device' && { userId: `user-${user}` }),
    ...(named !== 'user' && { anonymousId: `device-${device}` }),
    at: chance.happens(0.3) ? now - chance.below(25) * minute : now,
  };
}

/** Every account is named by a call about it, before anything else happens. */
export const foundings = (now: number): Happened[] =>
  firms.map((groupId, n) => ({ messageId: `m-${n}`, userId: `user-${n}`, groupId, plan: 'free', at: now }));

/** As collect puts it on the stream. */
export function lineOf({ event, at, groupId, plan, ...named }: Happened, receivedAt: number): string {
  const timestamp = new Date(at).toISOString();
  const stamps = { timestamp, originalTimestamp: timestamp, receivedAt: new Date(receivedAt).toISOString() };
  const call = (): object => {
    if (plan !== undefined) return { type: 'group', groupId, traits: { plan } };
    if (event === undefined) return { type: 'identify', traits: {} };
    const properties = { amount: amountOf(named) };
    return { type: 'track', event, properties, ...(groupId !== undefined && { context: { groupId } }) };
  };
  return JSON.stringify({ ...call(), ...named, ...stamps, sourceId: 'shop' });
}

/** Rules that a segment has had, or has by now; undefined where it is removed. */
const pool: Readonly<Record<string, readonly (Rule | undefined)[]>> = {
  bought: [did('Bought').exactly(1), did('Bought').exactly(2), did('Bought').atLeast(3), undefined],
  lately: [did('Viewed').atLeast(2).within('3h'), did('Viewed').atLeast(2).within('1h'), undefined],
  quiet: [stopped('Viewed', '2h'), undefined],
  cart: [did('Added').thenNot('Bought').within('1h'), undefined],
  absent: [didNot('Bought').within('3h'), didNot('Added').within('1h'), undefined],
  firm: [account(trait('plan').equals('pro')), account(inSegment('busy')), undefined],
};
const poolOfAccounts: Readonly<Record<string, readonly (Rule | undefined)[]>> = {
  busy: [did('Bought').atLeast(2).within('3h'), did('Bought').exactly(2), did('Viewed').atLeast(2)],
};

/** Definitions of a deployment. */
export function someDefinitions(chance: Chance): CdpConfig {
  const drawn = (from: typeof pool, of: object) =>
    Object.entries(from).flatMap(([key, rules]) => {
      const where = chance.pick(rules);
      return where === undefined ? [] : [{ key, name: key, where, ...of }];
    });
  const traits = [
    { key: 'spent', compute: sum('Bought', 'amount') },
    { key: 'views', compute: count('Viewed').within('3h') },
  ].filter(() => chance.happens(0.6));
  return parseConfig({
    sources: [{ id: 'shop', kind: 'server', writeKey: 'a-write-key' }],
    segments: [...drawn(pool, {}), ...drawn(poolOfAccounts, { of: 'accounts' })],
    traits,
  });
}
