import type { Profile } from '../profile/profile.ts';
import { traitValue } from '../segments/evaluation/evaluate.ts';
import { knownOf } from '../segments/known-profile.ts';
import type { SegmentDefinition } from '../segments/language/definitions.ts';
import { type Definitions, programOf } from '../segments/program/compile.ts';
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
export function traitsOf(profile: Profile, definitions: Definitions, query: ProfileQuery, now: number): Page<unknown> {
  const hidden = new Set(profile.collection === 'users' ? definitions.traits.map(({ key }) => key) : []);
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

/** Only people have computed traits. One that has no value is left out; the others are as of now. */
function computedTraits(profile: Profile, definitions: Definitions, now: number): Positioned<VerboseTrait>[] {
  if (profile.collection !== 'users' || definitions.traits.length === 0) return [];
  const program = programOf(definitions);
  const known = knownOf(profile);
  const at = formatInstant(Math.max(now, known.clock));
  return definitions.traits.flatMap(({ key }): Positioned<VerboseTrait>[] => {
    const value = traitValue(program, key, known, now);
    return value === undefined ? [] : [[key, { value, source_id: null, updated_at: at }]];
  });
}

/** Only people are in segments; accounts are not. */
const audienceTraits = (
  { collection, segments: entered }: Profile,
  segments: readonly SegmentDefinition[],
): Positioned<VerboseTrait>[] =>
  collection === 'users'
    ? segments.map(({ key }) => [
        key,
        { value: entered.has(key), source_id: null, updated_at: entered.get(key) ?? null },
      ])
    : [];

/** The segments of a person, each with the time of entry. */
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
