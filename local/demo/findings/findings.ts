import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import { advertising, audienceCounts, audienceDifferences } from './advertising.ts';
import type { Count } from './count.ts';
import { type Delivered, distinct } from './deliveries.ts';
import { type LakeTables, lakeDifferences } from './lake-tables.ts';
import type { RawZone } from './raw-zone.ts';
import type { StoredProfiles } from './stores.ts';
import { importedFrom, type MeasuredSystems, systemsCounts } from './systems.ts';
import type { TrueProfile, Truth } from './truth.ts';

/** Everything that the demo measures at its end. */
export interface Measured {
  /** Calls that the SDKs reported as accepted. */
  readonly accepted: number;
  readonly rawZone: RawZone;
  readonly profiles: StoredProfiles;
  /** What the CRM was told, and what the advertising tool was. */
  readonly deliveries: readonly Delivered[];
  readonly advertised: readonly Delivered[];
  readonly lake: LakeTables;
  readonly systems: MeasuredSystems;
}

/** The numbers a reader compares, expected and measured. */
export function countsOf(truth: Truth, measured: Measured): Count[] {
  const { accepted, rawZone, profiles, deliveries, advertised, lake } = measured;
  const { imported, audience } = truth;
  const messages = truth.messages + imported.messages;
  const importedIds = [...rawZone.imported.values()].flat();
  const told = (change: Delivered['change']) =>
    distinct(deliveries.filter((delivered) => delivered.change === change)).size;
  const members = [...truth.segmentMembers].map(([segment, expected]) => ({
    what: `in segment ${segment}`,
    where: 'table',
    expected,
    measured: membersIn(measured, segment),
  }));
  const ofSystems = importedFrom(truth.systems).map(({ source, lines }) => ({
    what: `events of ${source}`,
    where: 'raw zone',
    expected: lines,
    measured: rawZone.imported.get(source)?.length ?? 0,
  }));
  return [
    { what: 'calls sent', where: 'SDKs', expected: truth.sent, measured: accepted },
    ...systemsCounts(truth.systems, measured.systems),
    ...ofSystems,
    {
      what: 'events kept as received',
      where: 'raw zone',
      expected: truth.sent + imported.lines,
      measured: rawZone.ids.length + importedIds.length,
    },
    {
      what: 'without repetitions',
      where: 'raw zone',
      expected: messages,
      measured: new Set([...rawZone.ids, ...importedIds]).size,
    },
    {
      what: 'events in profiles',
      where: 'table',
      expected: messages,
      measured: profiles.live.reduce((sum, { eventCount }) => sum + eventCount, 0),
    },
    { what: 'people', where: 'table', expected: truth.profiles.size, measured: profiles.live.length },
    { what: 'events', where: 'lake', expected: messages, measured: lake.events },
    { what: 'rejected lines', where: 'lake', expected: 0, measured: lake.rejected },
    { what: 'people in profiles', where: 'lake', expected: truth.profiles.size, measured: lake.people.length },
    { what: 'people in customer_360', where: 'lake', expected: truth.profiles.size, measured: lake.customers },
    {
      what: 'their events',
      where: 'lake',
      expected: messages,
      measured: lake.people.reduce((sum, { eventCount }) => sum + eventCount, 0),
    },
    { what: 'merges', where: 'table', expected: truth.merges, measured: profiles.tombstones },
    ...members,
    { what: 'entered a segment', where: 'webhook', expected: truth.entries.size, measured: told('entered') },
    { what: 'exited a segment', where: 'webhook', expected: truth.exits.size, measured: told('exited') },
    {
      what: 'deliveries',
      where: 'webhook',
      expected: truth.entries.size + truth.exits.size,
      measured: distinct(deliveries).size,
    },
    ...(audience === undefined ? [] : audienceCounts(audience, membersIn(measured, advertising.segment), advertised)),
  ];
}

const membersIn = ({ profiles }: Measured, segment: string): number =>
  profiles.live.filter(({ segments }) => segments.has(segment)).length;

/** Differences between expected and measured, one sentence each. */
export function differences(truth: Truth, measured: Measured): string[] {
  const counts = countsOf(truth, measured).filter(({ expected, measured }) => expected !== measured);
  const byIdentifier = new Map(
    measured.profiles.live.flatMap((profile) => [...profile.identifiers.keys()].map((id) => [id, profile] as const)),
  );
  const expectedPeople = [...truth.profiles].map(([who, expected]) => ({
    who,
    expected,
    found: foundAt(who, byIdentifier),
  }));
  const known = new Set(expectedPeople.map(({ found }) => found));
  return [
    ...counts.map(({ what, where, expected, measured }) => `${what} (${where}): expected ${expected}, got ${measured}`),
    ...expectedPeople.flatMap(({ who, expected, found }) => profileDifferences(who, expected, found)),
    ...measured.profiles.live
      .filter((profile) => !known.has(profile))
      .map(({ identifiers }) => `unexpected profile with ${list(identifiers.keys())}`),
    ...lakeDifferences(measured.profiles.live, measured.lake.people),
    ...deliveryDifferences('entered', truth.entries, measured.deliveries),
    ...deliveryDifferences('exited', truth.exits, measured.deliveries),
    ...(truth.audience === undefined ? [] : audienceDifferences(truth.audience, measured.advertised)),
  ];
}

const foundAt = (who: string, byIdentifier: ReadonlyMap<string, Profile>): Profile | undefined =>
  byIdentifier.get(who) ?? byIdentifier.get(`user_id:${who}`) ?? byIdentifier.get(`anonymous_id:${who}`);

function profileDifferences(who: string, expected: TrueProfile, found: Profile | undefined): string[] {
  if (found === undefined) return [`${who} has no profile`];
  const traits = Object.fromEntries([...found.traits].map(([name, { value }]) => [name, value]));
  const pairs = [
    ['identifiers', list(expected.identifiers), list(found.identifiers.keys())],
    ['segments', list(expected.segments), list(found.segments.keys())],
    ['traits', fields(expected.traits), fields(traits)],
    ['events', String(expected.messages), String(found.eventCount)],
  ] as const;
  return pairs
    .filter(([, wanted, got]) => wanted !== got)
    .map(([what, wanted, got]) => `${who}: ${what} must be ${wanted} and are ${got}`);
}

function deliveryDifferences(
  change: Delivered['change'],
  expected: ReadonlySet<string>,
  deliveries: readonly Delivered[],
): string[] {
  const told = distinct(deliveries.filter((delivered) => delivered.change === change));
  return [
    ...[...expected]
      .filter((key) => !told.has(`${key} ${change}`))
      .map((key) => `the webhook did not receive: ${key} ${change}`),
    ...[...told]
      .filter((key) => !expected.has(key.slice(0, -change.length - 1)))
      .map((key) => `the webhook received, but should not: ${key}`),
  ];
}

const list = (values: Iterable<string>): string => [...values].sort().join(', ') || 'none';
const fields = (traits: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.entries(traits).sort(([a], [b]) => (a < b ? -1 : 1)));
