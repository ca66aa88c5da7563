import { limitOf, type ProfileQuery } from '../../core/apis/profile-query.ts';
import { segmentsOf, traitsOf } from '../../core/apis/profile-traits.ts';
import { eventsOf, externalIdsOf, linksOf, metadataOf } from '../../core/apis/profile-view.ts';
import type { Profile } from '../../core/profile/profile.ts';
import type { DatedDefinitions } from '../../core/segments/history/standing.ts';
import type { Page } from '../../core/values/paging.ts';
import type { View } from './route.ts';

/** A profile, the view of it that is shown, and the path of the request. */
interface Shown {
  readonly profile: Profile;
  readonly view: View;
  readonly query: ProfileQuery;
  /** The time of the request, in milliseconds. */
  readonly now: number;
  /** Path of the collection's profiles. */
  readonly list: string;
}

/** Shapes an answer in the form of Segment's profile API. */
export function bodyOf(shown: Shown, definitions: DatedDefinitions): object {
  const { profile, view, query, now } = shown;
  switch (view) {
    case 'traits': {
      const page = traitsOf(profile, definitions, query, now);
      return { traits: Object.fromEntries(page.items), cursor: cursorOf(page, shown) };
    }
    case 'metadata':
      return { metadata: metadataOf(profile, query) };
    case 'external_ids':
      return listBody(externalIdsOf(profile, query), shown);
    case 'events':
      return listBody(eventsOf(profile, query), shown);
    case 'links':
      return listBody(linksOf(profile, query), shown);
    case 'segments':
      return listBody(segmentsOf(profile, definitions.segments, query), shown);
  }
}

const listBody = (page: Page<object>, shown: Shown): object => ({
  data: page.items.map(([, item]) => item),
  cursor: cursorOf(page, shown),
});

/** Names the profile by its id: such an address can be kept and logged, and saves a read. */
function cursorOf({ next }: Page<unknown>, { profile, view, query, list }: Shown) {
  return {
    url: `${list}/${profile.profileId}/${view}`,
    has_more: next !== undefined,
    next: next ?? '',
    limit: limitOf(query),
  };
}
