import type { Profile, ProfileId } from '../profile/profile.ts';
import type { Telling } from '../profile/telling.ts';
import { type Definitions, programOf } from '../segments/program/compile.ts';
import { reading } from '../segments/program/compiler.ts';
import { changedTraits } from '../segments/what-changed.ts';
import { asksForAccounts } from './accounts.ts';

/** A person of an account, by the account's group id. */
export interface Member {
  readonly account: string;
  readonly profileId: ProfileId;
}

/**
 * Items by which an account finds its people. Those of accounts that the table knows of a person already may be many,
 * and are written before the person; those of accounts that are new to them are written together with them.
 */
export interface MemberItems {
  readonly before: readonly Member[];
  readonly together: readonly Member[];
}

/** What a write is made of: the profile, and what the table had of it and of those that merge into it. */
interface Change {
  readonly profile: Profile;
  readonly bases: readonly Profile[];
  /** Group ids of accounts that are new to the person. */
  readonly joined: Iterable<string>;
  /** The version that it gets. */
  readonly version: number;
}

/** A profile as it is written, with its items of members. */
interface Linked {
  readonly profile: Profile;
  readonly members?: MemberItems | undefined;
}

/** Milliseconds after which a profile is due that must be woken as soon as it is written. */
const atOnce = 1000;

/**
 * Links a person with its accounts, or lets an account tell its people, at a time in milliseconds.
 *
 * An account that changes wakes the people whom its items name. A person who becomes one of them may have been decided
 * by what the account said before a change that looked for its people too early to find this one. So the person is
 * decided once more, as soon as the item is there.
 */
export function linked(change: Change, definitions: Definitions, at: number): Linked {
  if (change.profile.collection === 'accounts') return { profile: telling(change, definitions, at) };
  const { listed: _, ...profile } = change.profile;
  if (!asksForAccounts(definitions) || profile.accounts.size === 0) return { profile };
  const members = {
    before: change.bases
      .filter(({ listed }) => !listed)
      .flatMap(({ profileId, accounts }) => [...accounts.keys()].map((account) => ({ account, profileId }))),
    together: [...change.joined].map((account) => ({ account, profileId: profile.profileId })),
  };
  const isNew = members.before.length + members.together.length > 0;
  return isNew
    ? { profile: soon({ ...profile, listed: true }, at), members }
    : { profile: { ...profile, listed: true } };
}

function telling({ profile: all, bases, version }: Change, definitions: Definitions, at: number): Profile {
  const { telling: begun, ...profile } = all;
  if (!asksForAccounts(definitions)) return profile;
  const [before] = bases;
  const isNews = bases.length > 1 || isReadByPeople(profile, before, definitions);
  const next = isNews ? toEverybody(version) : begun;
  return next === undefined ? profile : soon({ ...profile, telling: next }, at);
}

const toEverybody = (of: number): Telling => ({ of, account: '', after: '' });

const soon = (profile: Profile, at: number): Profile => ({
  ...profile,
  dueAt: Math.min(profile.dueAt ?? Number.POSITIVE_INFINITY, at + atOnce),
});

/** Whether an account is now another to a segment of people; one that is new was nothing before. */
function isReadByPeople(after: Profile, before: Profile | undefined, definitions: Definitions): boolean {
  const { readers } = programOf(definitions);
  const isRead = (read: string): boolean => readers.has(reading.ofAccount(read));
  const one = before?.segments ?? new Map<string, string>();
  const segments = [...one.keys(), ...after.segments.keys()].filter((key) => one.has(key) !== after.segments.has(key));
  const traits = changedTraits(before ?? { traits: new Map() }, after);
  return traits.some(isRead) || segments.map(reading.segment).some(isRead);
}

/** A profile that may lack items: it is linked again when it is woken, which is soon. */
export function unlinked({
  profile: { listed: _, ...profile },
  version,
  definitions,
  at,
}: {
  readonly profile: Profile;
  readonly version: number;
  readonly definitions: Definitions;
  readonly at: number;
}): Profile {
  if (!asksForAccounts(definitions)) return profile;
  if (profile.collection === 'accounts') return soon({ ...profile, telling: toEverybody(version) }, at);
  return profile.accounts.size === 0 ? profile : soon(profile, at);
}

/** The account with the place from which on its people are still to be woken; undefined when all are. */
export function toldUntil({ telling: _, ...account }: Profile, next: Telling | undefined): Profile {
  return next === undefined ? account : { ...account, telling: next };
}
