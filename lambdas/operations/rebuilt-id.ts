import { createHash } from 'node:crypto';
import { type CdpConfigInput, parseConfig } from '../core/config/config.ts';
import { isBlocked } from '../core/identifiers/blocked.ts';
import { type Identifier, textOf, typeOf } from '../core/identifiers/identifier.ts';
import type { NewProfileId } from '../core/profile/new-profile-id.ts';
import type { Collection, ProfileId } from '../core/profile/profile.ts';
import { collectionOfId, creationOf, isMadeAt, profileIdOf } from '../core/profile/profile-id.ts';
import { ascending } from '../core/values/order.ts';

/** Which identifier a profile was made for: `collection identifier` → profile id. No two have the same id. */
export type KnownIds = ReadonlyMap<string, ProfileId>;

/**
 * Gives a profile that is made again the id of the one that was made for the same identifier; otherwise, or where somebody has that id, one
 * that says when it was made and is a function of what it is made for, so that a rebuild that is taken up or made again gives the same ids.
 */
export const rebuiltProfileId =
  (known: KnownIds): NewProfileId =>
  (createdAt, collection, messageId = '', { identifiers, refused } = { identifiers: [], refused: 0 }) => {
    const [oldest] = refused > 0 ? [] : identifiers.flatMap((id) => known.get(keyOf(collection, id)) ?? []).sort();
    // Nobody else is made for the first: whoever is has it from then on.
    return (
      oldest ?? profileIdOf(collection, createdAt, digest([collection, messageId, identifiers[0], createdAt, refused]))
    );
  };

/** What the event that a profile was made for linked to it, most trusted first. What logs did not say once is taken from what was linked first in the millisecond in which it was made. */
interface Founding {
  readonly messageId: string;
  readonly said: boolean;
  readonly identifiers: Identifier[];
}
type Foundings = Map<ProfileId, Founding>;

/** Reads from the identity log, object by object, which identifiers profiles were made for; `isUsable` says which still can link somebody. Counts what operators unmerged, and lines that are no entry. */
export async function readIdentityLog(
  objects: AsyncIterable<readonly string[]>,
  isUsable: (id: Identifier) => boolean = () => true,
): Promise<{ readonly ids: KnownIds; readonly unmerges: number; readonly unreadable: number }> {
  const foundings: Foundings = new Map();
  const unmerged = new Set<string>();
  let unreadable = 0;
  for await (const lines of objects)
    for (const line of lines) {
      const entry = entryIn(line);
      if (entry === undefined) unreadable += 1;
      if (entry === undefined) continue;
      if (entry.kind === 'unmerge') unmerged.add(String(entry.messageId));
      if (typeof entry.profileId === 'string' && typeof entry.identifier === 'string') note(entry, foundings);
    }
  return { ids: idsOf(foundings, isUsable), unmerges: unmerged.size, unreadable };
}

function entryIn(line: string): Record<string, unknown> | undefined {
  try {
    return Object(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** Whether the rules of a configuration let an identifier link anybody. */
export function canLink(config: CdpConfigInput): (id: Identifier) => boolean {
  const { identity } = parseConfig(config);
  return (id) => !isBlocked(typeOf(id), textOf(id), identity);
}

function note(
  { kind, profileId, identifier, messageId, founds, at }: Record<string, unknown>,
  foundings: Foundings,
): void {
  const id = String(profileId);
  const found = { messageId: String(messageId), said: kind === 'unmerge' || founds === true };
  if (!found.said && !(kind === 'link' && isMadeAt(id, String(at)))) return;
  const known = foundings.get(id);
  if (known === undefined || (found.said && !known.said))
    foundings.set(id, { ...found, identifiers: [identifier as Identifier] });
  else if (known.said === found.said && known.messageId === found.messageId)
    known.identifiers.push(identifier as Identifier);
}

/**
 * Each profile's id is known by one identifier: the most trusted that can still be said and that no later profile was made for. Of two that were
 * made for one event, which was sent again when the first was gone, the later is whom the log names later.
 */
function idsOf(foundings: Foundings, isUsable: (id: Identifier) => boolean): KnownIds {
  const byAge = [...foundings].sort(([a], [b]) => ascending(creationOf(a), creationOf(b)));
  const last = new Map(
    byAge.flatMap(([profileId, { identifiers }]) =>
      identifiers.map((id) => [keyOf(collectionOfId(profileId), id), profileId]),
    ),
  );
  const ids = new Map<string, ProfileId>();
  for (const [profileId, { identifiers }] of byAge) {
    const named = identifiers.find(
      (id) => isUsable(id) && last.get(keyOf(collectionOfId(profileId), id)) === profileId,
    );
    if (named !== undefined) ids.set(keyOf(collectionOfId(profileId), named), profileId);
  }
  return ids;
}

const keyOf = (collection: Collection, id: Identifier): string => `${collection} ${id}`;

const digest = (parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex');
