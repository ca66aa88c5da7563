import type { Profile } from '../profile/profile.ts';
import type { Segment } from '../segments/definition.ts';
import { type Page, type Placed, pageOf } from '../values/paging.ts';
import type { ProfileQuery } from './profile-query.ts';
import { pagingOf } from './profile-view.ts';

/** A trait as Segment's profile API writes it verbosely. */
interface VerboseTrait {
  readonly value: unknown;
  readonly source_id: string | null;
  readonly updated_at: string | null;
  /** Bytes of a value that was too large to be kept, or for which there was no room; `value` is null then. */
  readonly not_kept_bytes?: number;
}

/** What is known of a profile by name: traits that events stated, and each segment as a boolean, which wins where both have one name. */
export function traitsOf(profile: Profile, segments: readonly Segment[], query: ProfileQuery): Page<unknown> {
  const stated = query.class === undefined ? statedTraits(profile, query.verbose) : [];
  const audiences = query.class === 'computed_trait' ? [] : audienceTraits(profile, segments);
  const traits = [...new Map([...stated, ...audiences])].filter(([name]) => query.include?.includes(name) ?? true);
  const list = query.verbose ? traits : traits.map(([name, { value }]): Placed<unknown> => [name, value]);
  return pageOf<unknown>(list, pagingOf(query));
}

/** What is not kept is told of verbosely. */
const statedTraits = ({ traits }: Profile, verbose: boolean): Placed<VerboseTrait>[] =>
  [...traits]
    .filter(([, { value, bytes }]) => value !== null || (verbose && bytes !== undefined))
    .map(([name, { value, sourceId, timestamp, bytes }]) => [
      name,
      { value, source_id: sourceId, updated_at: timestamp, ...(bytes !== undefined && { not_kept_bytes: bytes }) },
    ]);

/** Segments are about people; an account is in none. */
const audienceTraits = (
  { collection, segments: entered }: Profile,
  segments: readonly Segment[],
): Placed<VerboseTrait>[] =>
  collection === 'users'
    ? segments.map(({ key }) => [
        key,
        { value: entered.has(key), source_id: null, updated_at: entered.get(key) ?? null },
      ])
    : [];

/** The segments a person is in, and since when. */
export function segmentsOf(
  { segments: entered }: Profile,
  segments: readonly Segment[],
  query: ProfileQuery,
): Page<object> {
  const nameOf = new Map(segments.map(({ key, name }) => [key, name]));
  const wanted = [...entered].filter(([key]) => query.include?.includes(key) ?? true);
  return pageOf(
    wanted.map(([key, entered_at]): Placed<object> => [key, { key, name: nameOf.get(key) ?? key, entered_at }]),
    pagingOf(query),
  );
}
