import type { AccessReport, ReportedEvents, ReportedPerson } from './report.ts';

type Said = ReportedPerson | ReportedPerson['merged'][number];

/** What people and what merged into them have, each thing once: a merge keeps it in both. */
const distinct = <Thing>(people: readonly ReportedPerson[], part: (each: Said) => readonly Thing[]): Thing[] => {
  const all = [...people, ...people.flatMap(({ merged }) => merged)].flatMap(part);
  return [...new Map(all.map((thing) => [JSON.stringify(thing), thing])).values()];
};

const statement = ({ trait, value, source, at, messageId }: Said['traits'][number]) => [
  trait,
  value,
  source,
  at,
  messageId,
];

/** What kinds of data are stored, and how much of each. */
export function categoriesOf(people: readonly ReportedPerson[], events: ReportedEvents): AccessReport['categories'] {
  const count = (part: (each: Said) => readonly unknown[]) => distinct(people, part).length;
  const kinds = {
    'profiles, with what merged into them': count(({ profileId }) => [profileId]),
    identifiers: count(({ identifiers }) => identifiers.map(({ type, value }) => [type, value])),
    'statements of traits': count(({ traits }) => traits.map(statement)),
    'statements of consent': count(({ consent }) => consent),
    accounts: count(({ accounts }) => accounts.map(({ account }) => account)),
    'campaigns and sites that led to a visit': count(({ arrivals }) =>
      arrivals.map(({ at, campaign }) => [at, campaign]),
    ),
    'counters of events, which segments and computed traits read': people.reduce((sum, each) => sum + each.counters, 0),
    'events in the profile': count(({ latestEvents }) => latestEvents),
    'events in the lake': events.rows.length,
    'refused events in the lake': events.refused.length,
  };
  return Object.entries(kinds).map(([category, n]) => ({ category, count: n }));
}

/** Where the data came from: each source, with how much it said. */
export function sourcesOf(
  people: readonly ReportedPerson[],
  { rows }: ReportedEvents,
  known: readonly { readonly id: string; readonly kind: string }[],
): AccessReport['sources'] {
  const traits = distinct(people, (each) => each.traits.map((one) => ({ source: one.source, one: statement(one) })));
  const consent = distinct(people, (each) => each.consent);
  const latest = distinct(people, ({ latestEvents }) => latestEvents);
  const sources = new Set([...traits, ...consent, ...latest, ...rows].flatMap(({ source }) => source ?? []));
  const saidBy = (said: readonly { readonly source: string | null }[], source: string) =>
    said.filter((each) => each.source === source).length;
  return [...sources].sort().map((source) => ({
    source,
    kind: known.find(({ id }) => id === source)?.kind ?? null,
    traits: saidBy(traits, source),
    consent: saidBy(consent, source),
    events: saidBy(rows, source),
  }));
}
