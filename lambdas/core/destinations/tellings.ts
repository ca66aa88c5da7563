import type { IdentityRules } from '../identifiers/rules.ts';
import { type Needs, permits } from '../profile/consent.ts';
import { byTrust, type KnownAs, knownAs, type Name, type Naming, usualPersonal } from '../profile/known-as.ts';
import type { Profile } from '../profile/profile.ts';
import { type AudienceEvent, audienceCall } from './audience-event.ts';
import { personalOf } from './personal.ts';
import type { Told } from './told.ts';
import { formerly, isStillOf, textOf, textsOf } from './told-names.ts';

/** One call that tells about somebody, and the names that the destination knows afterwards, or no longer. */
export interface Telling {
  readonly call: AudienceEvent;
  readonly names: readonly string[];
}

/** What a destination is to be told about somebody: first who left, then who is in. */
export interface Tellings {
  readonly exits: readonly Telling[];
  /** One for each name and address of now. */
  readonly entries: readonly Telling[];
  /** Since when the person is a member, as far as the destination is concerned. */
  readonly since: string | undefined;
}

/** About whom and what a destination is told. */
export interface Subject {
  readonly profile: Profile;
  readonly segment: string;
  /** Undefined if nobody recorded what was told. */
  readonly told: Told | undefined;
}

/** How a destination is told. */
export interface Manner extends Naming, Needs {
  readonly rules: IdentityRules;
  /** An instant of ISO 8601. */
  readonly now: string;
  /** Tells exits apart whose entries nobody recorded. */
  readonly occasion: string;
  /** Whether an operator has an entry told again, which is news of its own by its occasion. */
  readonly again?: true | undefined;
}

/** Names of somebody whose tellings nobody recorded, most trusted first. */
const mostUnrecorded = 25;

/**
 * The truth about somebody and a segment in calls: entered under each name and address of now, exited under every other
 * that the destination was told. Names that an unmerge gave to somebody else are theirs to tell about. Without consent,
 * it is told only what takes back what it was told.
 */
export function tellingsOf({ profile, segment, told }: Subject, manner: Manner): Tellings {
  const { rules, now, occasion } = manner;
  const since = memberSince(profile, segment, manner);
  const about = { profileId: profile.profileId, segment };
  const exited = { ...about, member: false, period: told?.since ?? occasion, timestamp: now };
  const silent = !permits(profile, manner);
  const present = silent ? [] : knownAs(profile, rules, manner);
  const current = new Set(present.flatMap(textsOf));
  const isOut = since === undefined && !silent;
  const known = told?.names ?? (isOut ? unrecordedNames(profile, rules).map(textOf) : []);
  const gone = [...new Set([...known, ...(told?.left ?? [])])]
    .filter((text) => !current.has(text) && isStillOf(profile, text))
    .map((text) => ({ call: audienceCall({ ...exited, ...formerly(text) }), names: [text] }));
  const along = personalOf(profile, manner.personal ?? usualPersonal);
  const tell = (membership: typeof exited): Telling[] =>
    present.map((each) => ({
      call: audienceCall({ ...membership, ...each, personal: withAddress(along, each) }),
      names: textsOf(each),
    }));
  if (since === undefined) return { exits: [...gone, ...tell(exited)], entries: [], since };
  const period = manner.again ? `${since} ${occasion}` : since;
  return { exits: gone, entries: tell({ ...about, member: true, period, timestamp: since }), since };
}

const withAddress = (along: Readonly<Record<string, unknown>>, { email }: KnownAs) =>
  email === undefined ? along : { ...along, email };

/** Tells truths apart: if it is still the same after a destination was told, the destination has the truth. */
export const truthOf = (profile: Profile, segment: string, manner: Manner): string => {
  const since = memberSince(profile, segment, manner);
  return since === undefined ? 'no member' : [since, ...knownAs(profile, manner.rules, manner).flatMap(textsOf)].join();
};

const memberSince = (profile: Profile, segment: string, manner: Manner): string | undefined =>
  permits(profile, manner) ? profile.segments.get(segment) : undefined;

/** Every name under which somebody may have been told, when nobody recorded it. */
const unrecordedNames = (profile: Profile, rules: IdentityRules): Name[] =>
  byTrust(profile, rules)
    .slice(0, mostUnrecorded)
    .flatMap((id): Name[] => {
      const text = id.slice(id.indexOf(':') + 1);
      if (id.startsWith('user_id:')) return [{ userId: text }];
      return id.startsWith('anonymous_id:') ? [{ anonymousId: text }] : [];
    });
