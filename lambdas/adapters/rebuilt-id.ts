import { createHash } from 'node:crypto';
import type { NewProfileId } from '../core/working-set.ts';

/** Which event made which profile: `collection messageId` → profile id. */
export type KnownIds = ReadonlyMap<string, string>;

/**
 * Gives a profile that is made anew the id that it had, where the same event made it then; otherwise one that says when it was made and
 * is a function of that event, so that a rebuild that is taken up again, or made again, gives the same ids.
 */
export const rebuiltProfileId =
  (known: KnownIds): NewProfileId =>
  (createdAt, collection, messageId = '') =>
    known.get(`${collection} ${messageId}`) ?? `${prefixOf(collection)}${timeIn(createdAt)}${digest(`${collection} ${messageId} ${createdAt}`)}`;

/**
 * Reads from the identity log, object by object, which event made which profile: the one that linked an identifier to it in the very
 * millisecond that its id says it was made. Counts what operators unmerged, too.
 */
export async function readIdentityLog(objects: AsyncIterable<readonly string[]>): Promise<{ readonly ids: KnownIds; readonly unmerges: number }> {
  const ids = new Map<string, string>();
  const unmerged = new Set<string>();
  for await (const lines of objects) {
    for (const line of lines) {
      const { kind, profileId, messageId, at } = JSON.parse(line) as Record<string, unknown>;
      if (kind === 'unmerge') unmerged.add(String(messageId));
      if (kind === 'link' && typeof profileId === 'string' && isMadeAt(profileId, String(at)))
        ids.set(`${profileId.startsWith(prefixOf('accounts')) ? 'accounts' : 'users'} ${messageId}`, profileId);
    }
  }
  return { ids, unmerges: unmerged.size };
}

const isMadeAt = (profileId: string, isoTime: string): boolean => profileId.startsWith(timeIn(isoTime), prefixOf('users').length);

const prefixOf = (collection: 'users' | 'accounts'): string => (collection === 'users' ? 'per_' : 'acc_');

/** 48 bits of milliseconds, as `newProfileId` writes them. */
const timeIn = (isoTime: string): string => Date.parse(isoTime).toString(16).padStart(12, '0');
const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 20);
