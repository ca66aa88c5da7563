import type { Filed } from './erasure.ts';
import { eventStream, hasOneOf, ofIds, tableStream } from './expected.ts';
import type { Seen } from './stores-with.ts';

/** Texts about an erased person, and the items of others that may have some of them. */
interface About {
  /** What she said, and may be nowhere. */
  readonly hers: readonly string[];
  /** Ids of her profiles. The one that was parted from them names one, or it would be merged again. */
  readonly ids: readonly string[];
  readonly parted: readonly string[];
  /** What she said of an account, which keeps it. */
  readonly ofAccount: string;
  readonly account: readonly string[];
}

/** Tells whether what was found in a part of a store is left of the person, and should not be. */
export const leftOf =
  ({ hers, ids, parted, ofAccount, account }: About, filed: Filed) =>
  (part: string, piece: Seen): boolean => {
    if (isBefore(part, piece, filed)) return false;
    const { where } = piece;
    const isOf = (keys: readonly string[]) => keys.some((key) => where === key || where.endsWith(` of ${key}`));
    const keepsIds = part in ofIds || isOf(parted) || where.includes(' of request# ');
    return (
      hasOneOf(piece, hers) || (hasOneOf(piece, ids) && !keepsIds) || (hasOneOf(piece, [ofAccount]) && !isOf(account))
    );
  };

/** Whether something came into a stream before the profile table was empty. */
const isBefore = (part: string, { where, at }: Seen, { changed, emptiedAt }: Filed): boolean =>
  (part === tableStream && changed.has(where)) || (part === eventStream && at < Date.parse(emptiedAt));
