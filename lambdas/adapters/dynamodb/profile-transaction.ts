import { releasedIn } from '../../core/identifiers/former-name.ts';
import type { Identifier } from '../../core/identifiers/identifier.ts';
import { ownerName } from '../../core/profile/owner-name.ts';
import type { ProfileId } from '../../core/profile/profile.ts';
import type { ProfileWrite } from '../../core/stitching/profile-write.ts';
import { toProfileItem, toTombstone } from '../../core/table/profile-item.ts';
import type { Row } from './batch-get.ts';
import { causesOf, unknownCause } from './causes.ts';
import { anything, conditionalPut, type Expected, type TransactItem } from './conditional-put.ts';
import type { IdentifierKey } from './identifier-key.ts';
import { ownerKey, stateKey } from './keys.ts';
import { memberPut } from './members.ts';
import { ownerGone, ownerPut, unreleased } from './owner-items.ts';

/** The items of a write: the profile, those that merge into it, and the identifiers that it gets or gives away. */
export function transactItems(write: ProfileWrite, tableName: string, identifierKey: IdentifierKey): TransactItem[] {
  const { profile, version, absorbed, claimed, released, taken, barriers } = write;
  const { profileId } = profile;
  const causes = causesOf(write);
  const ownerOf = (id: Identifier): Row => ownerKey(identifierKey, ownerName(profile.collection, id));
  const state = (id: ProfileId, attributes: Row, expected: Expected): TransactItem =>
    conditionalPut(tableName, { ...stateKey(id), ...attributes }, expected);
  return [
    state(profileId, toProfileItem(profile, (version ?? 0) + 1, write), version),
    ...absorbed.map((each) => {
      const id = each.profile.profileId;
      const merged = { mergedInto: profileId, ...(causes.get(id) ?? unknownCause) };
      return state(id, toTombstone({ ...each, version: each.version + 1, ...merged }), each.version);
    }),
    ...claimed.map((id) =>
      ownerPut(
        tableName,
        { ...ownerOf(id), profileId, ...causes.get(id) },
        released.includes(id) ? anything : taken.get(id),
        barriers?.get(id),
      ),
    ),
    ...releasedOfClaims(write).map((id) => unreleased(tableName, ownerOf(id), barriers?.get(id))),
    ...(write.members?.together ?? []).map((member) => memberPut(tableName, identifierKey, member)),
    // A released identifier needs no condition but its barrier: giving it away also writes its profile, whose version
    // is checked.
    ...released.filter((id) => !claimed.includes(id)).map((id) => ownerGone(tableName, ownerOf(id), barriers?.get(id))),
  ];
}

/** Identifiers whose former names a write claims. One that it claims or releases itself is checked already. */
const releasedOfClaims = ({ claimed, released }: ProfileWrite): Identifier[] =>
  [...new Set(claimed.flatMap((id) => releasedIn(id)?.identifier ?? []))].filter(
    (id) => !claimed.includes(id) && !released.includes(id),
  );
