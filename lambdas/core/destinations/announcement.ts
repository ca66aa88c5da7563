import * as z from 'zod';
import { MembershipChange, shortText } from './audience-event.ts';
import type { Destination } from './definition.ts';

/** An event on the segment bus: a computed trait of a person or an account is another, or has another name to go to. */
export const TraitChange = z.object({
  profileId: shortText,
  trait: shortText,
  /** An operator has it told again, also if the destination knows it. */
  again: z.literal(true).optional(),
});
export type TraitChange = z.infer<typeof TraitChange>;

/** What the outbox of a profile tells. */
export const ProfileChange = z.union([MembershipChange, TraitChange]);
export type ProfileChange = MembershipChange | TraitChange;

/** A change with the ids of the destinations that are told of it; their rules match on these ids. */
export type Announcement = ProfileChange & { readonly destinations: readonly string[] };

/** Returns a function that adds to each change the destinations that are told of it. */
export function announcing(
  destinations: readonly Pick<Destination, 'id' | 'segments' | 'traits'>[],
): (change: ProfileChange) => Announcement {
  const told = new Map<string, string[]>();
  const add = (what: string, id: string): void => void told.set(what, [...(told.get(what) ?? []), id]);
  for (const { id, segments, traits } of destinations) {
    for (const key of new Set(segments)) add(placeOf({ segment: key }), id);
    for (const key of new Set(traits)) add(placeOf({ trait: key }), id);
  }
  return (change) => ({ ...change, destinations: told.get(placeOf(change)) ?? [] });
}

const placeOf = (change: { readonly segment: string } | { readonly trait: string }): string =>
  'trait' in change ? `trait ${change.trait}` : `segment ${change.segment}`;
