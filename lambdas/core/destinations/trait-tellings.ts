import { permits } from '../profile/consent.ts';
import { addressesFor, type Name, namesOf, usualPersonal } from '../profile/known-as.ts';
import type { Profile } from '../profile/profile.ts';
import { type DatedDefinitions, silentOf } from '../segments/history/standing.ts';
import { programOf } from '../segments/program/compile.ts';
import { blankText, traitText } from '../segments/told-traits.ts';
import { fingerprint } from '../values/fingerprint.ts';
import { personalOf } from './personal.ts';
import type { Manner } from './tellings.ts';
import { isStillOf, nameIn, textOf } from './told-names.ts';
import type { ToldTrait } from './told-traits.ts';
import { type TraitCall, traitCall } from './trait-update.ts';

/** What is true of a computed trait of somebody, as far as a destination is concerned. */
export interface TraitTruth {
  /** The value as JSON; `null` where there is none, and without consent. */
  readonly text: string;
  /** Whether it says nothing that is not said of everybody to whom nothing has happened. */
  readonly isBlank: boolean;
  /** Names under which it is told; none without consent. */
  readonly names: readonly Name[];
  /** The address that comes along: with another one, the destination finds another person. */
  readonly email: string | undefined;
}

/** How computed traits are told. */
export interface TraitManner extends Pick<Manner, 'rules' | 'consent' | 'purposes' | 'personal' | 'identifiers'> {
  readonly definitions: DatedDefinitions;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The truth about a trait; undefined if it cannot be told, because the profile lacks its history. */
export function traitTruth(profile: Profile, trait: string, manner: TraitManner): TraitTruth | undefined {
  const { definitions, rules, now } = manner;
  const program = programOf(definitions, profile.collection);
  if (!program.traits.has(trait) || silentOf(definitions, profile.collection, profile).traits.has(trait))
    return undefined;
  if (!permits(profile, manner)) return { text: 'null', isBlank: true, names: [], email: undefined };
  const text = traitText(program, trait, profile, now);
  const isBlank = text === blankText(program, trait, profile, now);
  return { text, isBlank, names: namesOf(profile, rules, manner), email: addressesFor(profile, manner)[0] };
}

/** Whether two truths are the same to a destination. */
export const isSameTruth = (one: TraitTruth, other: TraitTruth | undefined): boolean =>
  other !== undefined && keyOf(one) === keyOf(other) && JSON.stringify(one.names) === JSON.stringify(other.names);

/** What a destination has under each name: the value, and the address that finds the person. */
const keyOf = ({ text, email }: TraitTruth): string => fingerprint(text, ...(email === undefined ? [] : [email]));

/** Somebody's trait, and what is recorded under the ids of the profiles that make them up. */
export interface TraitSubject {
  readonly profile: Profile;
  readonly trait: string;
  readonly truth: TraitTruth;
  readonly told: ReadonlyMap<string, ToldTrait>;
  /** Whether it is told also under names that the destination knows it under. */
  readonly again?: true | undefined;
}

/** What a destination is to be told; nothing if it knows. */
export interface TraitTelling {
  /** Names as texts. */
  readonly names: readonly string[];
  /** Names that it knows the truth under. */
  readonly sure: readonly string[];
  readonly value: string;
  /** Names that are somebody else's now. */
  readonly lost: readonly string[];
}

/**
 * The names that a destination must be told the truth under: those of now, and all that it knows. It knows only what
 * was confirmed, and while nothing is on its way.
 */
export function traitTelling({ profile, truth, told, again }: TraitSubject): TraitTelling {
  const lost = [...(told.get(profile.profileId)?.names ?? [])].filter((text) => !isStillOf(profile, text));
  const known = [...told.values()]
    .flatMap(({ names, former }) => [...names, ...former])
    .filter((text) => isStillOf(profile, text));
  const value = keyOf(truth);
  if (known.length === 0 && truth.isBlank) return { names: [], sure: [], value, lost };
  const all = [...new Set([...truth.names.map(textOf), ...known])];
  const holders = [...told.values()];
  const isQuiet = !again && holders.every(({ pending }) => pending.size === 0);
  const sure = new Set(holders.flatMap((holder) => (isQuiet && holder.value === value ? [...holder.names] : [])));
  return { names: all.filter((text) => !sure.has(text)), sure: all.filter((text) => sure.has(text)), value, lost };
}

/** The calls that tell it. Who has a name no more comes without traits that find them. */
export function traitCalls(
  { profile, trait, truth }: TraitSubject,
  { names }: TraitTelling,
  { personal = usualPersonal, now }: TraitManner,
  news: number,
): TraitCall[] {
  const present = new Set(truth.names.map(textOf));
  const along = personalOf(profile, personal);
  const about = { profileId: profile.profileId, trait, text: truth.text, news, timestamp: new Date(now).toISOString() };
  return names.map((text) => traitCall({ ...about, name: nameIn(text), personal: present.has(text) ? along : {} }));
}
