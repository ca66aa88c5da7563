import type { ProfileId } from '../../core/profile/profile.ts';
import type { StoredProfile } from '../../core/stitching/batch/snapshot.ts';
import { parseProfileItem } from '../../core/table/profile-item.ts';
import type { Row } from './batch-get.ts';
import { profileIdIn } from './keys.ts';

/** A live profile, or the reason for which it cannot be read. */
export type Read = StoredProfile | { readonly profileId: ProfileId; readonly fault: unknown };

/** The live profile of an item; none of a tombstone. */
export function readProfile(row: Row): readonly Read[] {
  try {
    const item = parseProfileItem(row);
    return item.kind === 'profile' ? [item] : [];
  } catch (fault) {
    return [{ profileId: profileIdIn(row), fault }];
  }
}
