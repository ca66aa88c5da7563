import { inWindow, isAnniversary, length } from './oracle-time.ts';
import { asNumber, compares, deep, things } from './oracle-values.ts';

type Fields = Record<string, unknown>;

/** One event of a history. */
export interface Happened {
  readonly at: number;
  readonly mark: string;
  readonly name: string;
  readonly properties: Fields;
}

/** All that there is to know of a person: the list of their events, and facts that have no time. */
export interface Person {
  readonly events: readonly Happened[];
  readonly traits: Fields;
  readonly since: number;
  readonly granted: Readonly<Record<string, boolean>>;
  readonly identifiers: readonly string[];
  /** The traits of each account, and of each the segments that it is in. */
  readonly accounts: readonly Fields[];
  readonly accountsIn?: readonly (readonly string[])[];
}

/** A question of the oracle's. */
export interface Asked {
  readonly person: Person;
  readonly now: number;
  readonly zone: string;
  readonly segments: Readonly<Record<string, { readonly where: unknown; readonly zone: string }>>;
  /** Of an account of a person: the segments that it is in. */
  readonly within?: readonly string[];
}

const byTime = (a: Happened, b: Happened): number => a.at - b.at || (a.mark < b.mark ? -1 : 1);

/** Events that match, in order, each once. */
function matching(match: Fields, { person }: Asked): Happened[] {
  const filters = (match.where ?? []) as Fields[];
  const once = [...new Map(person.events.map((event) => [event.mark, event])).values()];
  return once
    .filter(
      ({ name, properties }) =>
        name === match.event && filters.every((said) => compares(said, deep(properties, String(said.property)))),
    )
    .sort(byTime);
}

const isCount = ({ operator, value }: { operator: string; value: number }, n: number): boolean =>
  operator === 'atLeast' ? n >= value : operator === 'atMost' ? n <= value : n === value;

/** Whether a rule is true, by the list of events alone. */
export function isTrueOf(rule: unknown, asked: Asked): boolean {
  const said = rule as Fields;
  const { person, now, zone } = asked;
  const isIn = (window: unknown, at: number): boolean => inWindow(window as Fields | undefined, at, now, zone);
  if ('all' in said) return (said.all as unknown[]).every((part) => isTrueOf(part, asked));
  if ('any' in said) return (said.any as unknown[]).some((part) => isTrueOf(part, asked));
  if ('not' in said) return !isTrueOf(said.not, asked);
  if ('trait' in said) return isTraitTrue(said, asked);
  if ('compute' in said) return compares(said, computed(said.compute as Fields, asked));
  if ('inSegment' in said && asked.within) return asked.within.includes(String(said.inSegment));
  if ('inSegment' in said) {
    const { where, zone: theirs } = asked.segments[String(said.inSegment)] as { where: unknown; zone: string };
    return isTrueOf(where, { ...asked, zone: theirs });
  }
  if ('account' in said)
    return person.accounts.some((traits, n) =>
      isTrueOf(said.account, { ...asked, person: { ...person, traits }, within: person.accountsIn?.[n] ?? [] }),
    );
  if ('knownFor' in said) return now - person.since >= length(String(said.knownFor));
  if ('consent' in said)
    return (
      { granted: true, denied: false, unknown: undefined }[String(said.is)] === person.granted[String(said.consent)]
    );
  if ('identifier' in said)
    return person.identifiers.includes(String(said.identifier)) === (said.operator === 'exists');
  const events = matching(said, asked).filter(({ at }) => at <= now);
  if ('occurrence' in said) {
    const one = said.occurrence === 'first' ? events[0] : events.at(-1);
    return one !== undefined && isIn(said.window, one.at);
  }
  if ('followedBy' in said) {
    const [as, bs] = [events, matching(said.followedBy as Fields, asked)].map((all) =>
      all.filter(({ at }) => said.window === undefined || isIn(said.window, at)),
    );
    return (bs ?? []).some((b) => (as ?? []).some((a) => a.at < b.at && b.at - a.at < length(String(said.apart))));
  }
  if ('notFollowedBy' in said) {
    const last = events.at(-1);
    const others = matching(said.notFollowedBy as Fields, asked).filter(({ at }) => at <= now);
    return last !== undefined && now - last.at >= length(String(said.apart)) && others.every(({ at }) => at < last.at);
  }
  const inside = events.filter(({ at }) => isIn(said.window, at)).length;
  return isCount((said.count ?? { operator: 'atLeast', value: 1 }) as { operator: string; value: number }, inside);
}

function isTraitTrue(said: Fields, { person, now, zone }: Asked): boolean {
  const value = deep(person.traits, String(said.trait));
  const times = things(value).flatMap((one) => (typeof one === 'string' && one.length > 10 ? [Date.parse(one)] : []));
  if (said.operator === 'during') return times.some((at) => inWindow(said.window as Fields, at, now, zone));
  if (said.operator === 'inNext') return times.some((at) => at > now && at - now <= length(String(said.value)));
  if (said.operator === 'anniversary')
    return things(value).some((one) => isAnniversary(one, said.from as number, said.to as number, now, zone));
  return compares(said, value);
}

/** What a computation takes of a property: texts, numbers and booleans, in lists too. */
const scalars = (properties: Fields, said: Fields): unknown[] =>
  things(deep(properties, String(said.property))).filter((one) => typeof one !== 'object');

/** What a computation gives, by the list of events alone. */
export function computed(said: Fields, asked: Asked): unknown {
  const events = matching(said, asked).filter(({ at }) =>
    inWindow(said.window as Fields | undefined, at, asked.now, asked.zone),
  );
  const valued = events.flatMap(({ at, properties }) => scalars(properties, said).map((value) => ({ at, value })));
  const numbers = valued.map(({ value }) => asNumber(value)).filter((value) => !Number.isNaN(value));
  const texts = [...Map.groupBy(valued, ({ value }) => String(value))].map(([text, all]) => ({
    text,
    n: all.length,
    last: all.at(-1)?.at ?? 0,
  }));
  const order = (a: string, b: string): number => (a < b ? -1 : 1);
  const kinds: Record<string, () => unknown> = {
    count: () => events.length,
    sum: () => numbers.reduce((a, b) => a + b, 0),
    average: () => (numbers.length === 0 ? undefined : numbers.reduce((a, b) => a + b, 0) / numbers.length),
    minimum: () => (numbers.length === 0 ? undefined : Math.min(...numbers)),
    maximum: () => (numbers.length === 0 ? undefined : Math.max(...numbers)),
    firstTime: () => events[0] && new Date(events[0].at).toISOString(),
    lastTime: () => events.at(-1) && new Date(events.at(-1)?.at ?? 0).toISOString(),
    first: () => first(events, said),
    last: () => first([...events].reverse(), said),
    distinct: () => new Set(valued.map(({ value }) => `${typeof value} ${value}`)).size,
    list: () => texts.sort((a, b) => b.last - a.last || order(a.text, b.text)).map(({ text }) => text),
    mostFrequent: () => texts.sort((a, b) => b.n - a.n || order(a.text, b.text))[0]?.text,
  };
  return (kinds[String(said.kind)] as () => unknown)();
}

const first = (events: readonly Happened[], said: Fields): unknown =>
  events.map(({ properties }) => scalars(properties, said)[0]).find((value) => value !== undefined);
