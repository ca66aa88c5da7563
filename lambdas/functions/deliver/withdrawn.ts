import type { Item } from '../../core/destinations/destination.ts';
import { filtered, type Outcome } from '../../core/destinations/outcome.ts';
import { isGranted } from '../../core/profile/consent.ts';
import type { Profile } from '../../core/profile/profile.ts';

/** What the consent of people is read with. */
export interface ConsentDeps {
  /** Categories of consent that a person must have granted. */
  readonly consent: readonly string[];
  /** The profiles of people by the keys of their identifiers. Absent if no consent is needed. */
  readonly owners?: ((keys: readonly string[]) => Promise<ReadonlyMap<string, Profile>>) | undefined;
}

/**
 * Outcomes of events whose people have refused meanwhile what the destination needs: they are not sent. All people are
 * read at once. Of a person whom nobody knows yet, the event's own consent counts, with which it was forwarded.
 */
export async function withdrawn(
  people: ReadonlyMap<Item, string>,
  { consent, owners }: ConsentDeps,
): Promise<ReadonlyMap<Item, Outcome>> {
  if (owners === undefined || consent.length === 0 || people.size === 0) return new Map();
  const found = await owners([...new Set(people.values())]);
  const refuses = (person: string): boolean => {
    const profile = found.get(person);
    return profile !== undefined && consent.some((category) => isGranted(profile, category) === false);
  };
  return new Map([...people].flatMap(([item, person]) => (refuses(person) ? [[item, without]] : [])));
}

const without = filtered('consent withdrawn');
