import { saidIn } from '../../core/consent/said-in.ts';
import { isAllowed, type Said } from '../../core/consent/standing.ts';
import type { Item } from '../../core/destinations/destination.ts';
import { filtered, type Outcome } from '../../core/destinations/outcome.ts';
import type { KeyedBarrierDeps } from '../../core/privacy/event-barriers.ts';
import { type Needs, saidBy } from '../../core/profile/consent.ts';
import type { Profile } from '../../core/profile/profile.ts';
import { fieldsOf } from '../../core/values/json.ts';

/** What the consent of people is read with. */
export interface ConsentDeps extends Needs {
  /** The profiles of people by the keys of their identifiers. Absent if no consent is needed. */
  readonly owners?: ((keys: readonly string[]) => Promise<ReadonlyMap<string, Profile>>) | undefined;
}

/**
 * Outcomes of events that their people's consent does not let go now, or whose people are suppressed: they are not
 * sent. All people are read at once. Categories were stated by the event, so only a refusal elsewhere counts. Of
 * purposes, what the event says counts where the profile says nothing, because the profile may not have seen it yet.
 */
export async function withdrawn(
  items: Iterable<Item>,
  people: ReadonlyMap<Item, string>,
  { consent = [], purposes = [], owners }: ConsentDeps,
): Promise<ReadonlyMap<Item, Outcome>> {
  if (consent.length + purposes.length === 0) return new Map();
  const keys = [...new Set(people.values())];
  const found = owners === undefined || keys.length === 0 ? new Map<string, Profile>() : await owners(keys);
  const refuses = (item: Item): boolean => {
    const profile = found.get(people.get(item) ?? '');
    const known = profile === undefined ? silent : saidBy(profile);
    return (
      profile?.suppressed === true ||
      consent.some((category) => known(category) === false) ||
      !purposes.every((purpose) => isAllowed(purpose, stricter(known, eventSaid(item))))
    );
  };
  return new Map([...items].flatMap((item) => (refuses(item) ? [[item, without]] : [])));
}

/** Outcomes of events that barriers stop now: whoever they are about was erased or suppressed while they waited. */
export async function stopped(
  items: Iterable<Item>,
  people: ReadonlyMap<Item, string>,
  { barriers, countSuppressed }: KeyedBarrierDeps,
): Promise<ReadonlyMap<Item, Outcome>> {
  const stops = await barriers();
  const found = [...items].filter((item) => stops(people.get(item), String(item.call.timestamp)) !== undefined);
  countSuppressed(found.map(({ call }) => String(fieldsOf(call).sourceId)));
  return new Map(found.map((item) => [item, filtered('suppressed')]));
}

const silent: Said = () => undefined;

function eventSaid({ call }: Item): Said {
  const said = new Map(saidIn(fieldsOf(call).context));
  return (category) => said.get(category);
}

const stricter =
  (one: Said, other: Said): Said =>
  (category) => {
    const said = [one(category), other(category)];
    return said.includes(false) ? false : said.find((each) => each !== undefined);
  };

const without = filtered('no consent');
