import { createHash } from 'node:crypto';
import { type CdpConfigInput, parseConfig } from '../core/config/config.ts';
import { isBlocked } from '../core/identifiers/blocked.ts';
import { byPriority, type Identifier, textOf, typeOf } from '../core/identifiers/identifier.ts';
import type { StoredRequest } from '../core/privacy/request.ts';
import type { NewProfileId } from '../core/profile/new-profile-id.ts';
import type { Collection, ProfileId } from '../core/profile/profile.ts';
import { collectionOfId, creationOf, isMadeAt, profileIdOf } from '../core/profile/profile-id.ts';
import { ascending } from '../core/values/order.ts';

/** The identifier that a profile was made for: `collection identifier` → profile id. Ids are unique. */
export type KnownIds = ReadonlyMap<string, ProfileId>;

/**
 * Gives a rebuilt profile the id of the earlier profile for the same identifier. Without one, or if that id is in use,
 * it derives an id from the creation time and what the profile is made for, so a repeated or continued rebuild gives
 * the same ids.
 */
export const rebuiltProfileId =
  (known: KnownIds): NewProfileId =>
  (createdAt, collection, messageId = '', { identifiers, refused } = { identifiers: [], refused: 0 }) => {
    const [oldest] = refused > 0 ? [] : identifiers.flatMap((id) => known.get(keyOf(collection, id)) ?? []).sort();
    // The first profile for an identifier keeps its id from then on.
    return (
      oldest ?? profileIdOf(collection, createdAt, digest([collection, messageId, identifiers[0], createdAt, refused]))
    );
  };

/** An entry of the identity log: a line of a file, or a row of the table. */
export type LogEntry = Readonly<Record<string, unknown>>;

/** By which identifiers profiles are found again. */
export interface Linking {
  /** Whether a profile was erased: nobody gets its id. */
  readonly isErased: (id: ProfileId) => boolean;
  /** Whether an identifier can still link. */
  readonly isUsable: (id: Identifier) => boolean;
  /** Orders identifiers from most to least trusted. */
  readonly inTrust: (a: Identifier, b: Identifier) => number;
}

/**
 * Identifiers that a profile's first event linked. Older logs lack this, so the first links in the millisecond of the
 * profile's creation count instead.
 */
interface Founding {
  readonly messageId: string;
  readonly isStated: boolean;
  readonly identifiers: Identifier[];
}
type Foundings = Map<ProfileId, Founding>;

/**
 * Reads from the identity log which identifiers profiles were made for. Also counts unmerges by operators and
 * unreadable lines, which are undefined. An entry may come more than once.
 */
export async function readIdentityLog(
  parts: AsyncIterable<readonly (LogEntry | undefined)[]>,
  linking: Linking,
): Promise<{ readonly ids: KnownIds; readonly unmerges: number; readonly unreadable: number }> {
  const foundings: Foundings = new Map();
  const unmerged = new Set<string>();
  let unreadable = 0;
  for await (const entries of parts)
    for (const entry of entries) {
      if (entry === undefined) unreadable += 1;
      if (entry === undefined) continue;
      if (entry.kind === 'unmerge') unmerged.add(String(entry.messageId));
      const { profileId, identifier } = entry;
      if (typeof profileId === 'string' && typeof identifier === 'string' && !linking.isErased(profileId))
        note(entry, foundings);
    }
  return { ids: idsOf(foundings, linking), unmerges: unmerged.size, unreadable };
}

/** The entry of a line; undefined if it cannot be read. */
export function entryIn(line: string): LogEntry | undefined {
  try {
    return Object(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** How a configuration lets identifiers link people, without profiles that requests erase. */
export function linkingOf(config: CdpConfigInput, requests: readonly StoredRequest[] = []): Linking {
  const { identity } = parseConfig(config);
  const begun = requests.filter(({ erasedAt }) => erasedAt !== undefined);
  const erased: ReadonlySet<string> = new Set(begun.flatMap(({ profileIds }) => profileIds));
  return {
    isErased: (id) => erased.has(id),
    isUsable: (id) => !isBlocked(typeOf(id), textOf(id), identity),
    inTrust: (a, b) => byPriority(a, b, identity),
  };
}

function note({ kind, profileId, identifier, messageId, founds, at }: LogEntry, foundings: Foundings): void {
  const id = String(profileId);
  const found = { messageId: String(messageId), isStated: kind === 'unmerge' || founds === true };
  if (!found.isStated && !(kind === 'link' && isMadeAt(id, String(at)))) return;
  const known = foundings.get(id);
  if (known === undefined || (found.isStated && !known.isStated))
    foundings.set(id, { ...found, identifiers: [identifier as Identifier] });
  else if (known.isStated === found.isStated && known.messageId === found.messageId)
    known.identifiers.push(identifier as Identifier);
}

/**
 * Knows each profile by one identifier: the most trusted usable one that no later profile was made for. If two profiles
 * were made for one event, which was sent again after the first was gone, the later one in the log wins.
 */
function idsOf(foundings: Foundings, { isUsable, inTrust }: Linking): KnownIds {
  const byAge = [...foundings].sort(([a], [b]) => ascending(creationOf(a), creationOf(b)));
  const last = new Map(
    byAge.flatMap(([profileId, { identifiers }]) =>
      identifiers.map((id) => [keyOf(collectionOfId(profileId), id), profileId]),
    ),
  );
  const ids = new Map<string, ProfileId>();
  for (const [profileId, { identifiers }] of byAge) {
    const named = identifiers
      .toSorted(inTrust)
      .find((id) => isUsable(id) && last.get(keyOf(collectionOfId(profileId), id)) === profileId);
    if (named !== undefined) ids.set(keyOf(collectionOfId(profileId), named), profileId);
  }
  return ids;
}

const keyOf = (collection: Collection, id: Identifier): string => `${collection} ${id}`;

const digest = (parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');
