import { normalizeEmail } from '../identifiers/email.ts';
import type { IdentityRules } from '../identifiers/rules.ts';
import { isGranted } from '../profile/consent.ts';
import { byTrust, type Name, nameOf } from '../profile/known-as.ts';
import type { Profile } from '../profile/profile.ts';
import { fingerprint } from '../values/fingerprint.ts';
import { type AudienceEvent, audienceCall, emailOf } from './audience-event.ts';
import type { Told } from './told.ts';

/** One call that tells about somebody, and the names that the destination knows afterwards, or no longer. */
export interface Telling {
  readonly call: AudienceEvent;
  readonly names: readonly string[];
}

/** What a destination is to be told about somebody: first who left, then who is in. */
export interface Tellings {
  readonly exits: readonly Telling[];
  readonly entry: Telling | undefined;
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
export interface Manner {
  readonly rules: IdentityRules;
  /** Categories of consent that a person must have granted; without them the destination has no member. */
  readonly consent: readonly string[];
  /** An instant of ISO 8601. */
  readonly now: string;
  /** Tells exits apart whose entries nobody recorded. */
  readonly occasion: string;
}

/** Names of somebody whose tellings nobody recorded, most trusted first. */
const mostUnrecorded = 25;

/**
 * The truth about somebody and a segment in calls: entered under the name of now, exited under every other name that
 * the destination was told. Names that an unmerge gave to somebody else are theirs to tell about. Without consent, it
 * is told only what takes back what it was told.
 */
export function tellingsOf({ profile, segment, told }: Subject, manner: Manner): Tellings {
  const { rules, now, occasion } = manner;
  const since = memberSince(profile, segment, manner);
  const present = { name: nameOf(profile, rules), email: emailOf(profile) };
  const about = { profileId: profile.profileId, segment };
  const exited = { ...about, member: false, period: told?.since ?? occasion, timestamp: now };
  const silent = !isAllowed(profile, manner);
  const current = silent ? [] : textsOf(present.name, present.email);
  const isOut = since === undefined && !silent;
  const known = told?.names ?? (isOut ? namesOf(profile, rules).map((each) => textOf(each)) : []);
  const gone = [...known]
    .filter((text) => !current.includes(text) && isStillOf(profile, text))
    .map((text) => ({ call: audienceCall({ ...exited, ...formerly(text) }), names: [text] }));
  if (silent) return { exits: gone, entry: undefined, since };
  if (since === undefined)
    return {
      exits: [...gone, { call: audienceCall({ ...exited, ...present }), names: current }],
      entry: undefined,
      since,
    };
  const entered = audienceCall({ ...about, ...present, member: true, period: since, timestamp: since });
  return { exits: gone, entry: { call: entered, names: current }, since };
}

/** Tells truths apart: if it is still the same after a destination was told, the destination has the truth. */
export const truthOf = (profile: Profile, segment: string, manner: Manner): string => {
  const since = memberSince(profile, segment, manner);
  return since === undefined
    ? 'no member'
    : [since, ...textsOf(nameOf(profile, manner.rules), emailOf(profile))].join();
};

const isAllowed = (profile: Profile, { consent }: Manner): boolean =>
  consent.every((category) => isGranted(profile, category) === true);

const memberSince = (profile: Profile, segment: string, manner: Manner): string | undefined =>
  isAllowed(profile, manner) ? profile.segments.get(segment) : undefined;

/** A tool that knows people by name must not take an old address for the person of now, so it comes with no name. */
const formerly = (text: string): { readonly name: Name; readonly email: string | undefined } =>
  isAddress(text)
    ? { name: { anonymousId: `former-${fingerprint(text)}` }, email: addressIn(text) }
    : { name: nameIn(text), email: undefined };

/** Every name under which somebody may have been told, when nobody recorded it. */
const namesOf = (profile: Profile, rules: IdentityRules): Name[] =>
  byTrust(profile, rules)
    .slice(0, mostUnrecorded)
    .flatMap((id): Name[] => {
      const text = id.slice(id.indexOf(':') + 1);
      if (id.startsWith('user_id:')) return [{ userId: text }];
      return id.startsWith('anonymous_id:') ? [{ anonymousId: text }] : [];
    });

const textsOf = (name: Name, email: string | undefined): string[] => [
  textOf(name),
  ...(email === undefined ? [] : [`email:${email}`]),
];
const textOf = (name: Name): string => Object.entries(name)[0]?.join(':') ?? '';
const isAddress = (text: string): boolean => text.startsWith('email:');
const addressIn = (text: string): string => text.slice('email:'.length);

function nameIn(text: string): Name {
  const value = text.slice(text.indexOf(':') + 1);
  if (text.startsWith('userId:')) return { userId: value };
  return text.startsWith('groupId:') ? { groupId: value } : { anonymousId: value };
}

/** Whether a name that was told is still the person's own; an unmerge may have given it to somebody else. */
function isStillOf(profile: Profile, text: string): boolean {
  const { identifiers, merged, profileId, apart } = profile;
  if (isAddress(text)) return apart.size === 0 || identifiers.has(`email:${normalizeEmail(addressIn(text)) ?? ''}`);
  const kind = text.slice(0, text.indexOf(':'));
  const value = text.slice(kind.length + 1);
  if (value === profileId || merged.has(value)) return true;
  if (kind === 'userId') return identifiers.has(`user_id:${value}`);
  return kind === 'anonymousId' ? identifiers.has(`anonymous_id:${value}`) : apart.size === 0;
}
