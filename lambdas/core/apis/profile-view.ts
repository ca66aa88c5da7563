import { isFormer } from '../identifiers/former-name.ts';
import { textOf, typeOf } from '../identifiers/identifier.ts';
import type { Collection, Profile, Seen } from '../profile/profile.ts';
import { wordsOf } from '../profile/recent-events.ts';
import { fingerprint } from '../values/fingerprint.ts';
import { type Page, type Positioned, pageOf } from '../values/paging.ts';
import { type ProfileQuery, pagingOf } from './profile-query.ts';

/** An identifier in the form of Segment's profile API. Fields that the platform does not keep are null. */
interface ExternalId {
  readonly source_id: null;
  readonly collection: Collection;
  readonly id: string;
  readonly type: string;
  readonly created_at: string;
  readonly encoding: 'none';
  readonly first_message_id: null;
}

const externalId = (collection: Collection, type: string, id: string, { first }: Seen): ExternalId => ({
  source_id: null,
  collection,
  id,
  type,
  created_at: first,
  encoding: 'none',
  first_message_id: null,
});

const placeOf = ({ first }: Seen, id: string): string => `${first}.${fingerprint(id)}`;

/** A profile's identifiers in the order of their first events, without released ones. `include` names types. */
export function externalIdsOf({ collection, identifiers }: Profile, query: ProfileQuery): Page<ExternalId> {
  const wanted = [...identifiers].filter(([id]) => !isFormer(id) && (query.include?.includes(typeOf(id)) ?? true));
  const list = wanted.map(
    ([id, seen]): Positioned<ExternalId> => [placeOf(seen, id), externalId(collection, typeOf(id), textOf(id), seen)],
  );
  return pageOf(list, pagingOf(query));
}

/** The accounts of a person, in the order of their first events. */
export function linksOf({ accounts }: Profile, query: ProfileQuery): Page<object> {
  const list = [...accounts].map(([groupId, seen]): Positioned<object> => {
    const external_ids = [externalId('accounts', 'group_id', groupId, seen)];
    return [placeOf(seen, groupId), { to_collection: 'accounts', external_ids }];
  });
  return pageOf(list, pagingOf(query));
}

/** A profile's latest events, newest first by default. The lake has older events, and the properties of all. */
export function eventsOf({ collection, profileId, recent }: Profile, query: ProfileQuery): Page<object> {
  const { include, exclude = [], start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY, sort } = query;
  const list = recent
    .filter(({ name }) => (include?.includes(name) ?? true) && !exclude.includes(name))
    .filter(({ timestamp }) => Date.parse(timestamp) >= start && Date.parse(timestamp) < end)
    .map((remembered): Positioned<object> => {
      const { type, name, timestamp, messageId, sourceId } = remembered;
      const event = {
        type,
        ...(name !== '' && { event: name }),
        message_id: messageId,
        source_id: sourceId,
        timestamp,
      };
      const notKept = { external_ids: [], context: {}, properties: {} };
      return [
        `${timestamp}.${fingerprint(wordsOf(remembered))}`,
        { ...notKept, ...event, related: { [collection]: profileId } },
      ];
    });
  return pageOf(list, pagingOf(query), sort === 'asc' ? 'ascending' : 'descending');
}

/** When a profile was created and last seen. The verbose form adds its id and its counts. */
export function metadataOf(profile: Profile, { verbose }: ProfileQuery): object {
  const { profileId, collection, createdAt, firstSeen, lastSeen, eventCount, merged, recent } = profile;
  const [last] = recent;
  return {
    created_at: createdAt,
    updated_at: lastSeen,
    expires_at: null,
    first_message_id: null,
    first_source_id: null,
    last_message_id: last?.messageId ?? null,
    last_source_id: last?.sourceId ?? null,
    ...(verbose && {
      profile_id: profileId,
      collection,
      first_seen: firstSeen,
      last_seen: lastSeen,
      event_count: eventCount,
      merge_count: merged.size,
    }),
  };
}
