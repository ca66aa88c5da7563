import type { identityTable } from '../../adapters/dynamodb/identity-table.ts';
import { readAddress } from '../../core/apis/profile-address.ts';
import { isBlocked } from '../../core/identifiers/blocked.ts';
import { type Identifier, textOf, typeOf } from '../../core/identifiers/identifier.ts';
import type { IdentityRules } from '../../core/identifiers/rules.ts';
import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import type { Rectified } from '../../core/operations/rectification.ts';
import type { MergedPerson } from '../../core/operations/unmerge-parts.ts';
import type { OptOut } from '../../core/privacy/opt-out.ts';
import type { ProfileId } from '../../core/profile/profile.ts';

/** One profile that a request is about, as an officer sees it before anything is done. */
export interface PreviewedProfile {
  readonly profileId: ProfileId;
  readonly eventCount: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly identifiers: readonly Identifier[];
  /** Profiles that merged into it: if one of these merges was wrong, it is somebody else. */
  readonly merged: readonly { readonly profileId: ProfileId; readonly at: string }[];
  /** Identifiers that it or what merged into it once had, and that another profile has now. They stay with that one. */
  readonly shared: readonly Identifier[];
  /** Profiles that an operator parted from it. They are other people and stay as they are. */
  readonly apart: readonly ProfileId[];
  /** Accounts that the person belongs to, which others share. */
  readonly accounts: readonly string[];
}

/** Whom a request is about: the profiles that its identifiers lead to, and identifiers that nobody has. */
export interface Subject {
  readonly profiles: readonly PreviewedProfile[];
  readonly unknown: readonly Identifier[];
  /** Every identifier of the request: those that were stated, and those of the whole merged person. */
  readonly identifiers: readonly Identifier[];
  /** What an opt-out refuses, if that is what they ask for. */
  readonly optOut?: OptOut;
  /** How traits would change, if a rectification is what they ask for. */
  readonly rectified?: readonly Rectified[];
}

/** The identifiers that texts of the form `type:value` state. @throws OperatorRefused when one cannot be read */
export const statedIn = (texts: readonly string[], rules: IdentityRules): Identifier[] => [
  ...new Set(texts.map((text) => identifierIn(text, rules))),
];

/** Finds whom texts of the form `type:value` name. @throws OperatorRefused when one cannot be read, or names nobody */
export async function findSubject(
  texts: readonly string[],
  table: Pick<ReturnType<typeof identityTable>, 'readMergedPerson' | 'readOwner'>,
  rules: IdentityRules,
): Promise<Subject> {
  const stated = statedIn(texts, rules);
  const profiles = new Map<ProfileId, PreviewedProfile>();
  const identifiers = new Set(stated);
  const unknown: Identifier[] = [];
  for (const identifier of stated) {
    const person = await table.readMergedPerson({ identifier, collection: 'users' });
    if (person === undefined) unknown.push(identifier);
    if (person === undefined) continue;
    const { profile } = person.live;
    for (const id of identifiersOf(person)) identifiers.add(id);
    profiles.set(profile.profileId, {
      profileId: profile.profileId,
      eventCount: profile.eventCount,
      firstSeen: profile.firstSeen,
      lastSeen: profile.lastSeen,
      identifiers: [...profile.identifiers.keys()].sort(),
      merged: [...profile.merged].map(([profileId, at]) => ({ profileId, at })),
      shared: await sharedOf(person, table),
      apart: [...profile.apart].sort(),
      accounts: [...profile.accounts.keys()].sort(),
    });
  }
  return { profiles: [...profiles.values()], unknown, identifiers: [...identifiers].sort() };
}

/** Every identifier of a whole merged person. */
export const identifiersOf = ({ live, tombstones }: Pick<MergedPerson, 'live' | 'tombstones'>): Identifier[] => [
  ...new Set([live, ...tombstones.values()].flatMap(({ profile }) => [...profile.identifiers.keys()])),
];

/** Identifiers of a person that belong to somebody else now. */
export async function sharedOf(
  person: Pick<MergedPerson, 'live' | 'tombstones'>,
  { readOwner }: Pick<ReturnType<typeof identityTable>, 'readOwner'>,
): Promise<Identifier[]> {
  const { profile } = person.live;
  const isTheirs = (id: ProfileId) => id === profile.profileId || profile.merged.has(id);
  const owners = await Promise.all(
    identifiersOf(person).map(async (identifier) => ({
      identifier,
      owner: await readOwner({ identifier, collection: 'users' }),
    })),
  );
  return owners.flatMap(({ identifier, owner }) => (owner && !isTheirs(owner.profileId) ? [identifier] : [])).sort();
}

function identifierIn(text: string, rules: IdentityRules): Identifier {
  const read = readAddress(text);
  if (!read.ok) throw new OperatorRefused('invalid', read.problem);
  if (!('identifier' in read.address))
    throw new OperatorRefused(
      'invalid',
      'name the person by an identifier, e.g. email:ann@example.com, not by a profile id',
    );
  const { identifier } = read.address;
  if (isBlocked(typeOf(identifier), textOf(identifier), rules))
    throw new OperatorRefused('invalid', `the ${typeOf(identifier)} is a blocked value, which names nobody`);
  return identifier;
}
