import { lakePrefix } from '../contract/storage.ts';
import { isFormer, releasedIn } from '../identifiers/former-name.ts';
import type { Identifier } from '../identifiers/identifier.ts';
import type { Survivorship } from '../lake/survivorship.ts';
import type { Profile, ProfileId } from '../profile/profile.ts';
import type { Tombstone } from '../table/profile-item.ts';
import { ascending } from '../values/order.ts';
import { explainTraits, type TraitExplanation } from './explain-traits.ts';
import type { MergedPerson } from './unmerge-parts.ts';

/** The profile that got an identifier, when, and from which message. */
export interface Owner {
  readonly profileId: ProfileId;
  readonly messageId: string | undefined;
  readonly at: string | undefined;
  /** Whether the profile was made for it; undefined for owners written before this field existed. */
  readonly founds?: boolean;
  /** The source that released the identifier, if this is its former name. */
  readonly releasedBy?: string | undefined;
}

/** The identity of a profile: every link and every merge, each with its cause. */
export interface Explanation {
  readonly profileId: ProfileId;
  readonly collection: Profile['collection'];
  readonly createdAt: string;
  readonly eventCount: number;
  readonly identifiers: readonly {
    readonly identifier: Identifier;
    readonly firstSeen: string;
    readonly lastSeen: string;
    /** The profile that got the identifier: this one, or one that merged into it later. */
    readonly givenTo: ProfileId | null;
    readonly linkedAt: string;
    readonly messageId: string | null;
    readonly rule: string;
  }[];
  /** Identifiers that a source released: events up to then name the person, and later ones somebody else. */
  readonly released: readonly {
    readonly identifier: Identifier;
    readonly at: string;
    readonly source: string | null;
    readonly firstSeen: string;
    readonly linkedAt: string;
    readonly messageId: string | null;
  }[];
  readonly merges: readonly {
    readonly absorbed: ProfileId;
    readonly into: ProfileId | null;
    readonly at: string;
    readonly messageId: string | null;
    readonly rule: string;
    /** Whether `unmerge` can undo it. */
    readonly undoable: boolean;
  }[];
  /** Profiles that an operator unmerged from it; they never merge again. */
  readonly apart: readonly ProfileId[];
  /** Which source's statement of each trait survives, and why. */
  readonly traits: readonly TraitExplanation[];
  /** Traits whose values were too large, and their size in bytes of JSON. */
  readonly notKept: readonly { readonly trait: string; readonly bytes: number; readonly said: string }[];
  /** The times up to which values may be missing because the profile had no room. */
  readonly horizons: {
    readonly traits: string | null;
    readonly accounts: string | null;
    readonly consent: string | null;
  };
  /** Place of the rest: dropped and blocked identifiers, and every other decision. */
  readonly log: string;
}

/** Explains what linked and merged a profile, and who said its traits. */
export function explain(
  { live: { profile }, tombstones }: Pick<MergedPerson, 'live' | 'tombstones'>,
  owners: ReadonlyMap<Identifier, Owner>,
  survivorship?: Survivorship,
): Explanation {
  const { profileId, collection, createdAt, eventCount } = profile;
  const links = [...profile.identifiers].map(([identifier, seen]): Link => {
    const owner = owners.get(identifier);
    const linkedAt = owner?.at ?? seen.linked;
    const { createdAt: madeAt } = tombstones.get(owner?.profileId ?? '')?.profile ?? profile;
    const givenTo = owner?.profileId ?? null;
    return {
      identifier,
      firstSeen: seen.first,
      lastSeen: seen.last,
      givenTo,
      linkedAt,
      messageId: owner?.messageId ?? null,
      founds: owner?.founds ?? false,
      madeAt,
    };
  });
  const released = links.flatMap(({ identifier, ...link }) => {
    const known = releasedIn(identifier);
    if (known === undefined) return [];
    const { firstSeen, linkedAt, messageId } = link;
    return [{ ...known, source: owners.get(identifier)?.releasedBy ?? null, firstSeen, linkedAt, messageId }];
  });
  const named = links.filter(({ identifier }) => !isFormer(identifier));
  const identifiers = named.map(({ founds, madeAt, ...link }) => ({
    ...link,
    rule: isFirst({ ...link, founds, madeAt }, links) ? ofNew : saidTogether,
  }));
  const merges = [...profile.merged].map(([absorbed, at]) => mergeOf(absorbed, at, tombstones.get(absorbed)));
  return {
    profileId,
    collection,
    createdAt,
    eventCount,
    identifiers: identifiers.sort(inTime(({ linkedAt }) => linkedAt)),
    released: released.sort(inTime(({ at }) => at)),
    merges: merges.sort(inTime(({ at }) => at)),
    apart: [...profile.apart],
    traits: explainTraits(profile, survivorship),
    notKept: [...profile.traits].flatMap(([trait, { bytes, timestamp }]) =>
      bytes === undefined ? [] : [{ trait, bytes, said: timestamp }],
    ),
    horizons: horizonsOf(profile),
    log: lakePrefix.identityLog,
  };
}

const horizonsOf = ({ horizons }: Profile): Explanation['horizons'] => ({
  traits: horizons?.traits?.timestamp ?? null,
  accounts: horizons?.accounts?.timestamp ?? null,
  consent: horizons?.consent ?? null,
});

type Link = Omit<Explanation['identifiers'][number], 'rule'> & { readonly founds: boolean; readonly madeAt: string };

/** An older link without `founds` made the profile if no other message linked anything in the same millisecond. */
function isFirst({ founds, linkedAt, madeAt, givenTo, messageId }: Link, links: readonly Link[]): boolean {
  if (founds) return true;
  const others = links.filter((other) => other.givenTo === givenTo && other.linkedAt === madeAt);
  return linkedAt === madeAt && others.every((other) => !other.founds && other.messageId === messageId);
}

const ofNew = 'first of a new profile';
const saidTogether = 'one event named both';

const mergeOf = (absorbed: ProfileId, at: string, tombstone: Tombstone | undefined): Explanation['merges'][number] => ({
  absorbed,
  into: tombstone?.mergedInto ?? null,
  at,
  messageId: tombstone?.messageId || null,
  rule: saidTogether,
  undoable: tombstone !== undefined,
});

const inTime =
  <Entry>(timeOf: (entry: Entry) => string) =>
  (a: Entry, b: Entry): number =>
    ascending(timeOf(a), timeOf(b));
