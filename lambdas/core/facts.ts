import type { Profile, ProfileId, Seen } from './profile.ts';
import { joinSeen, least } from './profile.ts';
import { joinRecent, wordsOf } from './recent.ts';
import { joinTouches, type Touch, type Touches } from './touch.ts';
import { joinTrait, type Trait } from './trait.ts';

/** What two profiles may both say, so that of two that merge one can hide what the other said. */
export type Facts = Pick<Profile, 'traits' | 'accounts' | 'segments' | 'marks' | 'touches' | 'recent' | 'apart'>;

/** How two values under one key become one, and what tells values apart. */
interface Kind<V> {
  readonly join: (a: V | undefined, b: V) => V;
  readonly text: (value: V) => string;
}

const trait: Kind<Trait> = {
  join: joinTrait,
  // Not by the value, which a profile at its bounds may have let go.
  text: ({ timestamp, messageId }) => `${timestamp} ${messageId}`,
};
const since: Kind<string> = { join: (a, b) => least(a ?? b, b), text: (at) => at };
const hour: Kind<number> = { join: (a, b) => Math.max(a ?? b, b), text: String };

/** What of `kept` can no longer be told once `lost` has been joined to it. */
export const displacedBy = (kept: Facts, lost: Facts): Facts => ({
  traits: hidden(kept.traits, lost.traits, trait),
  accounts: new Map([...kept.accounts].filter(([id]) => lost.accounts.has(id))),
  segments: hidden(kept.segments, lost.segments, since),
  marks: hidden(kept.marks, lost.marks, hour),
  touches: hiddenTouches(kept.touches, lost.touches),
  recent: hiddenRecent(kept, lost),
  apart: new Set([...kept.apart].filter((id) => lost.apart.has(id))),
});

export const joinFacts = (a: Facts, b: Facts): Facts => ({
  traits: joined(a.traits, b.traits, joinTrait),
  accounts: joined(a.accounts, b.accounts, joinSeen),
  segments: joined(a.segments, b.segments, since.join),
  marks: joined(a.marks, b.marks, hour.join),
  touches: joinTouches(a.touches, b.touches),
  recent: joinRecent(a.recent, b.recent),
  apart: new Set<ProfileId>([...a.apart, ...b.apart]),
});

/** Undoes a join: `now` without what `lost` brought into it, with what that displaced, and with what `others` in it still say. */
export function takeOut(now: Facts, lost: Facts, displaced: Facts, others: readonly Facts[]): Facts {
  const back = [displaced, ...others];
  const restore = <K, V>(of: (facts: Facts) => ReadonlyMap<K, V>, kind: Kind<V>) => restored(of(now), of(lost), back.map(of), kind);
  return {
    traits: restore((facts) => facts.traits, trait),
    accounts: restoredAccounts(now.accounts, lost.accounts, back),
    segments: restore((facts) => facts.segments, since),
    marks: restore((facts) => facts.marks, hour),
    touches: restoredTouches(now.touches, lost.touches, back),
    recent: restoredRecent(now.recent, lost.recent, back),
    apart: new Set([...now.apart].filter((id) => !lost.apart.has(id) || back.some(({ apart }) => apart.has(id)))),
  };
}

function hidden<K, V>(kept: ReadonlyMap<K, V>, lost: ReadonlyMap<K, V>, { join, text }: Kind<V>): Map<K, V> {
  const found = new Map<K, V>();
  for (const [key, theirs] of lost) {
    const own = kept.get(key);
    if (own !== undefined && (text(own) === text(theirs) || text(join(own, theirs)) !== text(own))) found.set(key, own);
  }
  return found;
}

function joined<K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>, join: Kind<V>['join']): Map<K, V> {
  const both = new Map(a);
  for (const [key, value] of b) both.set(key, join(both.get(key), value));
  return both;
}

/** A value that is no longer what the join made it was said again since, and stays. */
function restored<K, V>(
  now: ReadonlyMap<K, V>,
  lost: ReadonlyMap<K, V>,
  [displaced, ...others]: readonly ReadonlyMap<K, V>[],
  { join, text }: Kind<V>,
): Map<K, V> {
  const left = new Map(now);
  for (const [key, theirs] of lost) {
    const current = now.get(key);
    if (current === undefined || text(current) !== text(join(displaced?.get(key), theirs))) continue;
    left.delete(key);
    for (const values of [displaced, ...others]) {
      const value = values?.get(key);
      if (value !== undefined) left.set(key, join(left.get(key), value));
    }
  }
  return left;
}

/** First, last and linked may each be said by another profile, so each goes back by itself. */
function restoredAccounts(now: Accounts, lost: Accounts, back: readonly Facts[]): Accounts {
  const left = new Map(now);
  for (const [id, theirs] of lost) {
    const current = now.get(id);
    const said = back.flatMap(({ accounts }) => accounts.get(id) ?? []).reduce<Seen | undefined>(joinSeen, undefined);
    if (current === undefined) continue;
    const bound = (name: keyof Seen): string => (said !== undefined && current[name] === theirs[name] ? said[name] : current[name]);
    if (said !== undefined) left.set(id, { first: bound('first'), last: bound('last'), linked: bound('linked') });
    else if (current.first === theirs.first && current.last === theirs.last) left.delete(id);
  }
  return left;
}
type Accounts = Facts['accounts'];

const same = (a: Touch | undefined, b: Touch | undefined): boolean => a?.messageId === b?.messageId && a?.timestamp === b?.timestamp;

function hiddenTouches(kept: Touches, lost: Touches): Touches {
  const both = joinTouches(kept, lost);
  return { ...(same(both.first, lost.first) && { first: kept.first }), ...(same(both.last, lost.last) && { last: kept.last }) };
}

function restoredTouches(now: Touches, lost: Touches, back: readonly Facts[]): Touches {
  const said = back.reduce<Touches>((touches, facts) => joinTouches(touches, facts.touches), {});
  const end = (name: keyof Touches) => (lost[name] !== undefined && same(now[name], lost[name]) ? said[name] : now[name]);
  return { first: end('first'), last: end('last') };
}

function restoredRecent(now: Facts['recent'], lost: Facts['recent'], back: readonly Facts[]): Facts['recent'] {
  const gone = new Set(lost.map(wordsOf));
  const left = now.filter((event) => !gone.has(wordsOf(event)));
  return left.length === now.length ? now : back.reduce<Facts['recent']>((recent, facts) => joinRecent(recent, facts.recent), left);
}

/** Events that fell off the end, and those that both profiles remember. */
function hiddenRecent(kept: Facts, lost: Facts): Facts['recent'] {
  const left = new Set(joinRecent(kept.recent, lost.recent).map(wordsOf));
  const theirs = new Set(lost.recent.map(wordsOf));
  return kept.recent.filter((event) => !left.has(wordsOf(event)) || theirs.has(wordsOf(event)));
}
