import { AthenaClient } from '@aws-sdk/client-athena';
import { answerDifferences, askAll, shownAnswers } from '../../../bin/analytics-page/documented-answers.ts';
import { runQuery } from '../../../bin/athena/run-query.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import { clientSettings } from '../../platform/aws.ts';
import type { PlatformOutputs } from '../../platform/platform.ts';
import type { MeasuredSystems } from './systems.ts';

/** A person in the table `profiles`. */
export interface LakePerson {
  readonly profileId: string;
  readonly eventCount: number;
  readonly identifiers: readonly string[];
  readonly traits: Readonly<Record<string, unknown>>;
  readonly segments: readonly string[];
}

/** Results of the jobs. */
export interface LakeTables {
  readonly events: number;
  readonly rejected: number;
  readonly customers: number;
  readonly people: readonly LakePerson[];
}

type Row = readonly (string | null)[];

/** Queries Athena with the permissions of an analyst: columns and rows, or the number of rows of tables. */
export function analyst({ emulatorUrl, workgroup: workGroup, database }: PlatformOutputs) {
  const athena = new AthenaClient(clientSettings(emulatorUrl));
  const never = new AbortController().signal;
  const ask = (sql: string) => runQuery(athena, { sql, workGroup, database, limit: 100_000 }, () => undefined, never);
  return {
    ask,
    count: async (tables: readonly string[]): Promise<number[]> => {
      const { rows } = await ask(
        tables.map((table) => `SELECT '${table}' AS name, count(*) AS n FROM ${table}`).join(' UNION ALL '),
      );
      const counts = new Map(rows.map(([name, n]) => [name, Number(n)]));
      return tables.map((table) => counts.get(table) ?? 0);
    },
    close: () => athena.destroy(),
  };
}

/** Questions whose answers differ from those on the page for analysts. */
export async function documentedDifferences({
  emulatorUrl,
  workgroup: workGroup,
  database,
}: PlatformOutputs): Promise<string[]> {
  const athena = new AthenaClient(clientSettings(emulatorUrl));
  try {
    return answerDifferences(shownAnswers(), await askAll({ athena, workGroup, database }));
  } finally {
    athena.destroy();
  }
}

/** Reads the tables that must agree with the profile table, which does not keep computed traits. */
export async function readLake(outputs: PlatformOutputs, computed: ReadonlySet<string>): Promise<LakeTables> {
  const { ask, count, close } = analyst(outputs);
  const [people, [events = 0, rejected = 0, customers = 0]] = await Promise.all([
    ask(
      "SELECT profile_id, event_count, identifiers, traits, array_join(segments, ',') AS segments FROM profiles WHERE collection = 'users'",
    ),
    count(['events', 'rejected_events', 'customer_360']),
  ]);
  close();
  return { events, rejected, customers, people: people.rows.map((row) => personIn(row, computed)) };
}

/** Counts the records of the shop's other systems. Without a source of records there is no table. */
export async function readRecords(outputs: PlatformOutputs): Promise<MeasuredSystems['records']> {
  const { ask, close } = analyst(outputs);
  const { rows } = await ask(
    'SELECT source_id, count_if(deleted_at IS NULL), count_if(deleted_at IS NOT NULL) FROM records GROUP BY source_id',
  );
  close();
  return new Map(
    rows.map(([source, kept, deleted]) => [source ?? '', { kept: Number(kept), deleted: Number(deleted) }]),
  );
}

const personIn = (
  [profileId, eventCount, identifiers, traits, segments]: Row,
  computed: ReadonlySet<string>,
): LakePerson => ({
  profileId: profileId ?? '',
  eventCount: Number(eventCount),
  identifiers: JSON.parse(identifiers ?? '[]') as string[],
  traits: Object.fromEntries(
    Object.entries(JSON.parse(traits ?? '{}') as object).filter(([name]) => !computed.has(name)),
  ),
  segments: (segments ?? '').split(',').filter(Boolean),
});

/** Differences between the lake and the profile table, one sentence each. */
export function lakeDifferences(live: readonly Profile[], people: readonly LakePerson[]): string[] {
  const stored = new Map(live.map((profile) => [profile.profileId as string, profile]));
  const made = new Set(people.map(({ profileId }) => profileId));
  return [
    ...[...stored.keys()]
      .filter((profileId) => !made.has(profileId))
      .map((profileId) => `${profileId} is in the table and not in the lake`),
    ...people.flatMap((person) => personDifferences(person, stored.get(person.profileId))),
  ];
}

function personDifferences(
  { profileId, eventCount, identifiers, traits, segments }: LakePerson,
  profile: Profile | undefined,
): string[] {
  if (profile === undefined) return [`${profileId} is in the lake and not in the table`];
  const kept = [...profile.traits].flatMap(([name, { value }]) => (value === null ? [] : [[name, value] as const]));
  const pairs = [
    ['events', String(profile.eventCount), String(eventCount)],
    ['identifiers', list(profile.identifiers.keys()), list(identifiers)],
    ['traits', fields(kept), fields(Object.entries(traits))],
    ['segments', list(profile.segments.keys()), list(segments)],
  ] as const;
  return pairs
    .filter(([, wanted, got]) => wanted !== got)
    .map(([what, wanted, got]) => `${profileId}: ${what} are ${wanted} in the table and ${got} in the lake`);
}

const list = (values: Iterable<string>): string => [...values].sort().join(', ') || 'none';
const fields = (traits: readonly (readonly [string, unknown])[]): string =>
  JSON.stringify([...traits].sort(([a], [b]) => (a < b ? -1 : 1)));
