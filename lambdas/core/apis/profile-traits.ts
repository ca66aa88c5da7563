import type { Profile } from '../profile/profile.ts';
import { traitValue } from '../segments/evaluation/evaluate.ts';
import { type DatedDefinitions, silentOf } from '../segments/history/standing.ts';
import { knownOf } from '../segments/known-profile.ts';
import { collectionFor, type SegmentDefinition } from '../segments/language/definitions.ts';
import { programOf } from '../segments/program/compile.ts';
import { type Page, type Positioned, pageOf } from '../values/paging.ts';
import { formatInstant } from '../values/time.ts';
import { type ProfileQuery, pagingOf } from './profile-query.ts';

/** A trait in the verbose form of Segment's profile API. */
interface VerboseTrait {
  readonly value: unknown;
  readonly source_id: string | null;
  readonly updated_at: string | null;
  /** Bytes of a value that was too large, or found no room in the profile. `value` is null then. */
  readonly not_kept_bytes?: number;
}

/**
 * The traits of a profile at `now`, in milliseconds: those that events stated, those that are computed, and each segment
 * as a boolean. A segment wins over a trait of its name, and a computed trait over a stated one.
 */
export function traitsOf(
  profile: Profile,
  definitions: DatedDefinitions,
  query: ProfileQuery,
  now: number,
): Page<unknown> {
  const hidden = new Set(ofProfile(definitions.traits, profile).map(({ key }) => key));
  const stated = query.class === undefined ? statedTraits(profile, query.verbose) : [];
  const computed = query.class === 'audience' ? [] : computedTraits(profile, definitions, now);
  const audiences = query.class === 'computed_trait' ? [] : audienceTraits(profile, definitions.segments);
  const shown = [...stated.filter(([name]) => !hidden.has(name)), ...computed, ...audiences];
  const traits = [...new Map(shown)].filter(([name]) => query.include?.includes(name) ?? true);
  const list = query.verbose ? traits : traits.map(([name, { value }]): Positioned<unknown> => [name, value]);
  return pageOf<unknown>(list, pagingOf(query));
}

/** The verbose form also lists values that were not kept. */
const statedTraits = ({ traits }: Profile, verbose: boolean): Positioned<VerboseTrait>[] =>
  [...traits]
    .filter(([, { value, bytes }]) => value !== null || (verbose && bytes !== undefined))
    .map(([name, { value, sourceId, timestamp, bytes }]) => [
      name,
      { value, source_id: sourceId, updated_at: timestamp, ...(bytes !== undefined && { not_kept_bytes: bytes }) },
    ]);

/** The definitions that are about such profiles: people, or accounts. */
const ofProfile = <Its extends Pick<SegmentDefinition, 'of'>>(all: readonly Its[], { collection }: Profile): Its[] =>
  all.filter((definition) => collectionFor(definition) === collection);

/** The computed traits of a profile at `now`, in milliseconds. One without a value or its history is left out. */
export function computedTraits(
  profile: Profile,
  definitions: DatedDefinitions,
  now: number,
): Positioned<VerboseTrait>[] {
  const traits = ofProfile(definitions.traits, profile);
  if (traits.length === 0) return [];
  const program = programOf(definitions, profile.collection);
  const known = knownOf(profile);
  const at = formatInstant(Math.max(now, known.clock));
  const silent = silentOf(definitions, profile.collection, profile).traits;
  return traits.flatMap(({ key }): Positioned<VerboseTrait>[] => {
    if (silent.has(key)) return [];
    const value = traitValue(program, key, known, now);
    return value === undefined ? [] : [[key, { value, source_id: null, updated_at: at }]];
  });
}

const audienceTraits = (profile: Profile, segments: readonly SegmentDefinition[]): Positioned<VerboseTrait>[] =>
  ofProfile(segments, profile).map(({ key }) => {
    const since = profile.segments.get(key);
    return [key, { value: since !== undefined, source_id: null, updated_at: since ?? null }];
  });

/** The segments of a person or an account, each with the time of entry. */
export function segmentsOf(
  { segments: entered }: Profile,
  segments: readonly SegmentDefinition[],
  query: ProfileQuery,
): Page<object> {
  const nameOf = new Map(segments.map(({ key, name }) => [key, name]));
  const wanted = [...entered].filter(([key]) => query.include?.includes(key) ?? true);
  return pageOf(
    wanted.map(([key, entered_at]): Positioned<object> => [key, { key, name: nameOf.get(key) ?? key, entered_at }]),
    pagingOf(query),
  );
}
