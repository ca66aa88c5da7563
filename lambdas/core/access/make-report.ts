import type { Purpose } from '../consent/purpose.ts';
import type { Retention } from '../contract/retention.ts';
import type { Survivorship } from '../lake/survivorship.ts';
import type { ConsentExplained } from '../operations/explain-consent.ts';
import type { ToldThing } from '../operations/explain-told.ts';
import type { StoredRequest } from '../privacy/request.ts';
import { daysOf } from '../privacy/stores/store.ts';
import { stores } from '../privacy/stores/stores.ts';
import type { DatedDefinitions } from '../segments/history/standing.ts';
import { reportedSegments, reportedTraits } from './decisions.ts';
import { limitsOf } from './limits.ts';
import { reportedPerson } from './person.ts';
import type { AccessReport, ReportedEvents } from './report.ts';
import { complaintUnder, rightsUnder } from './rights.ts';
import { categoriesOf, sourcesOf } from './summary.ts';
import type { WholePerson } from './whole-person.ts';

/** What is read of a person besides their profiles. */
export interface ReadPerson {
  readonly person: WholePerson;
  readonly told: readonly ToldThing[];
  readonly consent: ConsentExplained;
  /** With the accounts of this person. */
  readonly definitions: DatedDefinitions;
}

/** A destination, as far as a report tells of it. */
interface ToldDestination {
  readonly id: string;
  readonly kind: string;
  readonly events?: unknown;
  readonly uses: readonly string[];
  readonly segments: readonly string[];
  readonly traits: readonly string[];
}

/** The configuration, as far as a report tells of it. */
export interface ReportRules {
  readonly purposes: readonly Purpose[];
  readonly destinations: readonly ToldDestination[];
  readonly sources: readonly { readonly id: string; readonly kind: string }[];
  readonly survivorship: Survivorship;
}

/** What a report is made of. */
export interface ReportParts {
  readonly request: Pick<StoredRequest, 'requestId' | 'regulation' | 'submittedAt' | 'receivedAt'>;
  readonly people: readonly ReadPerson[];
  readonly events: ReportedEvents;
  readonly retention: Retention;
  readonly rules: ReportRules;
  /** ISO 8601. */
  readonly now: string;
}

/** Makes the report of everything that is stored about the person of a request. */
export function accessReport({ request, people: read, events, retention, rules, now }: ReportParts): AccessReport {
  const people = read.map(({ person, consent }) => reportedPerson(person, consent, rules.survivorship));
  const definitions = read[0]?.definitions ?? { segments: [], traits: [] };
  return {
    version: 1,
    request: {
      id: request.requestId,
      regulation: request.regulation,
      askedAt: request.submittedAt,
      filedAt: request.receivedAt,
    },
    writtenAt: now,
    purposes: rules.purposes.map(({ key, name, kind }) => ({
      purpose: key,
      name,
      kind,
      usedBy: usersOf(key, rules, definitions),
    })),
    categories: categoriesOf(people, events),
    recipients: rules.destinations.map(({ id, kind, events: forwarded, uses }) => ({
      destination: id,
      kind,
      purposes: [...uses],
      receivesEvents: forwarded !== undefined,
      isWithheld: read.every(({ consent }) => consent.withheldFrom.includes(id)),
      told: read.flatMap(({ told }) => told.filter(({ destination }) => destination === id)).map(tellingOf),
    })),
    retention: stores.flatMap((store) =>
      store.holds === undefined
        ? []
        : [{ store: store.name, holds: store.holds, days: daysOf(store, retention) ?? null }],
    ),
    rights: rightsUnder(request.regulation),
    complaint: complaintUnder(request.regulation),
    sources: sourcesOf(people, events, rules.sources),
    segments: read.flatMap((each) => reportedSegments(each.person.live.profile, each.definitions, Date.parse(now))),
    computedTraits: read.flatMap((each) => reportedTraits(each.person.live.profile, each.definitions, Date.parse(now))),
    people,
    events,
    limits: limitsOf(
      read.map(({ person }) => person),
      events,
      rules,
    ),
  };
}

const tellingOf = ({ kind, key, state, since, names }: ToldThing) => ({
  what: `${kind} ${key}`,
  state,
  since,
  names: [...names],
});

/** Who uses data for a purpose. */
function usersOf(
  purpose: string,
  { destinations }: ReportRules,
  { segments, traits }: Pick<DatedDefinitions, 'segments' | 'traits'>,
): string[] {
  const using = (
    what: string,
    all: readonly { readonly uses?: readonly string[] | undefined; readonly name: string }[],
  ) => all.filter(({ uses }) => uses?.includes(purpose)).map(({ name }) => `${what} ${name}`);
  return [
    ...using(
      'destination',
      destinations.map(({ id, uses }) => ({ name: id, uses })),
    ),
    ...using(
      'segment',
      segments.map(({ key, uses }) => ({ name: key, uses })),
    ),
    ...using(
      'computed trait',
      traits.map(({ key, uses }) => ({ name: key, uses })),
    ),
  ];
}
