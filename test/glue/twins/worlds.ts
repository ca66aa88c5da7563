import { packItem } from '../../../lambdas/adapters/dynamodb/packed-items.ts';
import { platformSource } from '../../../lambdas/core/contract/signals.ts';
import type { Event } from '../../../lambdas/core/events/event.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import { last, maximum, sum } from '../../../lambdas/core/segments/language/compute.ts';
import { did, didFirst, page } from '../../../lambdas/core/segments/language/events.ts';
import {
  account,
  all,
  any,
  consent,
  identifier,
  inSegment,
  not,
  sample,
  trait,
} from '../../../lambdas/core/segments/language/people.ts';
import { withAccounts } from '../../../lambdas/core/stitching/accounts.ts';
import type { IdentityLogEntry } from '../../../lambdas/core/stitching/batch/identity-log.ts';
import { type Sighting, sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { planEach } from '../../../lambdas/core/stitching/isolation.ts';
import { planStitch } from '../../../lambdas/core/stitching/plan.ts';
import type { WriteOutcome } from '../../../lambdas/core/stitching/profile-write.ts';
import { packingDictionary } from '../../../lambdas/core/table/packing-dictionary.ts';
import { toProfileItem } from '../../../lambdas/core/table/profile-item.ts';
import { seededRandom } from '../../../local/demo/shop/random.ts';
import { MemoryTable } from '../../fakes/memory-table.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { tendInMemory } from '../../fixtures/in-memory/tend.ts';

/**
 * Random worlds of events and the profiles that the stream makes of them, as JSON on stdout: `node
 * test/glue/twins/worlds.ts <seed> <worlds>`. Worlds share no identifier, and some message ids. Where no limit binds
 * events come in any order, in batches of any size, some of them twice; where one binds, arrival decides who gets an
 * identifier, so these come in the order in which they happened. Some identifiers of a CRM are released. What names one
 * after a release comes after the first release, because the stream parts nobody.
 */
const [seed = 0, count = 0] = process.argv.slice(2).map(Number);

const [mail, ads] = [identifier('email'), consent('ads')];

const trusting = (...sources: string[]) => ({ keep: 'most_trusted', sources });

const config = configOf({
  sources: ['shop', 'app'].map((id) => ({ id, kind: 'server', writeKey: `a-key-of-${id}`, defaultCountry: 'US' })),
  identity: { limits: { user_id: { max: 1 }, crm: { max: 99 } } },
  survivorship: { spent: trusting('shop'), plan: trusting('app', 'shop'), employees: trusting('app') },
  segments: [
    { key: 'spenders', name: 'Spent 3 or more', where: { trait: 'spent', operator: 'atLeast', value: 3 } },
    { key: 'members', name: 'On a plan', where: { trait: 'plan', operator: 'exists' } },
    { key: 'buyers', name: 'Bought twice', where: did('Order Completed').atLeast(2) },
    { key: 'lately', name: 'Bought in a year', where: did('Order Completed').within('365d') },
    { key: 'told', name: 'Bought after a page', where: did(page()).thenDid('Order Completed').within('10m') },
    { key: 'left', name: 'Looked, and bought nothing', where: did(page()).thenNot('Order Completed').within('1m') },
    { key: 'early', name: 'Bought early', where: didFirst('Order Completed').until('2026-05-01T00:10:00Z') },
    { key: 'rich', name: 'Spent 20', where: trait('worth').atLeast(20) },
    { key: 'hats', name: 'Bought a hat last', where: last('Order Completed', 'category').equals('hats') },
    { key: 'reachable', name: 'Has an address, and may be told', where: all(mail.exists(), ads.granted()) },
    { key: 'willing', name: 'May be told', where: ads.granted() },
    { key: 'silent', name: 'Said nothing of ads', where: not(any(ads.granted(), ads.denied())) },
    { key: 'drawn', name: 'A third', where: sample('worlds', 33) },
    { key: 'others', name: 'Others', where: not(any(inSegment('buyers'), inSegment('drawn'))) },
    { key: 'large', name: 'Large', of: 'accounts', where: trait('employees').atLeast(5) },
    { key: 'busy', name: 'Ordered twice', of: 'accounts', where: did('Order Completed').atLeast(2) },
    {
      key: 'good',
      name: 'Worth it',
      of: 'accounts',
      where: all(trait('turnover').atLeast(25), not(inSegment('large'))),
    },
    { key: 'at_large', name: 'At a large one', where: account(trait('employees').atLeast(5)) },
    { key: 'at_small', name: 'At a busy, small one', where: account(all(inSegment('busy'), not(inSegment('large')))) },
    { key: 'at_good', name: 'Buys at a good one', where: all(inSegment('members'), account(inSegment('good'))) },
    { key: 'at_none', name: 'At none', where: not(account(trait('employees').exists())) },
  ],
  traits: [
    { key: 'worth', compute: maximum('Order Completed', 'price') },
    { key: 'turnover', of: 'accounts', compute: sum('Order Completed', 'price') },
  ],
});

const { below } = seededRandom(seed);
const oneIn = (n: number): boolean => below(n) === 0;
const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
const shuffled = <T>(values: readonly T[]): T[] =>
  values
    .map((value) => [below(1e9), value] as const)
    .sort(([a], [b]) => a - b)
    .map(([, value]) => value);

function eventIn(world: number, n: number, people: number): Event {
  const at = below(30);
  const name = (kind: string) => `${kind}${below(people)}-w${world}`;
  const common = {
    // Some ids are given by several people, worlds and sources, though never at one instant: there arrival decides,
    // which no table tells.
    messageId: oneIn(4) ? `shared-${below(2)}` : `m${n}-w${world}`,
    sourceId: oneIn(4) ? 'app' : 'shop',
    timestamp: new Date(Date.parse(minute(at)) + n).toISOString(),
    ...(oneIn(2) && { userId: oneIn(12) ? 'guest' : name('U') }),
  };
  const known = {
    ...common,
    ...((oneIn(2) || !('userId' in common)) && { anonymousId: oneIn(12) ? 'null' : name('a') }),
  };
  // As the row of a company: no person, and an id of its own.
  const nobody = { messageId: `c${n}-w${world}`, userId: undefined, anonymousId: undefined };
  const ofCrm = { id: name('C'), type: 'crm', collection: 'users', encoding: 'none' };
  const row = { ...nobody, context: { externalIds: [ofCrm] } };
  const traits = {
    // White space of all kinds around, and what only some languages take for it.
    ...(oneIn(3) && {
      email: `${pick([' ', '\ufeff', '\u3000\n'])}${name('P')}@Example.com${pick(['', '\ufeff ', '\u0085'])}`,
    }),
    ...(oneIn(5) && { phone: `(201) 555-${String(world * 10 + below(people)).padStart(4, '0')}` }),
    ...(oneIn(2) && { spent: pick([0, 1.5, 3, 4, null, '5']) }),
    ...(oneIn(3) && { plan: pick(['free', 'paid', null, { name: 'pro', seats: [1, 2] }]) }),
  };
  // In some worlds people are asked again and again, and often say yes on devices, also on those of others.
  const isAsked = world % 4 === 0;
  const isYes = isAsked && 'anonymousId' in known ? !oneIn(8) : oneIn(2);
  const answer = { type: 'page', name: 'Home', context: { consent: { categoryPreferences: { ads: isYes } } } };
  const calls = [
    { type: 'identify', traits, ...row },
    { type: 'identify', traits, context: { ...row.context, consent: { categoryPreferences: { ads: oneIn(2) } } } },
    { type: 'identify', traits },
    { type: 'identify', traits, context: { traits: { plan: 'context', city: 'Bonn' } } },
    {
      ...{ type: 'track', event: 'Order Completed' },
      properties: { price: pick([1, '9.5', 20, 30, null]), category: pick(['hats', 'shoes']) },
      // The lake reads no message again that names another account this time.
      ...(oneIn(2) && !common.messageId.startsWith('shared') && { context: { groupId: name('g') } }),
    },
    ...Array.from({ length: isAsked ? 30 : 1 }, () => answer),
    { type: 'group', groupId: name('g'), traits: { employees: below(9) } },
    { type: 'group', groupId: name('g'), traits: { employees: below(9), city: 'Rome' }, ...nobody },
    { type: 'alias', previousId: name('a') },
  ];
  return eventOf({ ...known, ...pick(calls) });
}

function releaseIn(world: number, n: number, people: number): Event {
  return eventOf({
    ...{ type: 'track', event: 'Identifier Released', messageId: `r${n}-w${world}` },
    ...{ sourceId: platformSource, userId: undefined, anonymousId: 'platform' },
    timestamp: new Date(Date.parse(minute(below(30))) + 500 + n).toISOString(),
    properties: { release: `crm:C${below(people)}-w${world}`, source: 'shop' },
  });
}

interface Outcome {
  readonly profiles: readonly Profile[];
  readonly log: readonly IdentityLogEntry[];
}

let made = 0;
async function fold(batches: readonly (readonly Event[])[]): Promise<Outcome> {
  const table = new MemoryTable();
  const load = withAccounts(table.load, config);
  const log: IdentityLogEntry[] = [];
  const newId = (createdAt: string, collection: string) =>
    `${collection === 'users' ? 'per' : 'acc'}_${Date.parse(createdAt).toString(16).padStart(12, '0')}${String(++made).padStart(20, '0')}`;
  for (const batch of batches) {
    let open: readonly Sighting[] = sight(batch, config).filter(({ identifiers }) => identifiers.length > 0);
    while (open.length > 0) {
      const plan = await planEach(open, load, (some, snapshot) => planStitch(some, snapshot, config, newId));
      if (plan.deferred.length > 0 && plan.releases.length === 0 && plan.repeated.length === 0)
        throw new Error('a world is too large for one write');
      for (const write of plan.writes) await noted(table.write(write), write.log, log);
      for (const release of plan.releases) await noted(table.release(release), release.person?.log ?? [], log);
      open = plan.deferred;
    }
  }
  await wakeAll(table);
  return { profiles: table.live(), log };
}

async function noted(outcome: Promise<WriteOutcome>, entries: readonly IdentityLogEntry[], log: IdentityLogEntry[]) {
  if ((await outcome).kind !== 'written') throw new Error('nobody else writes here');
  log.push(...entries);
}

/** Accounts wake their people. */
async function wakeAll(table: MemoryTable): Promise<void> {
  for (let now = Date.parse(minute(130)); table.live().some(({ dueAt = Infinity }) => dueAt <= now); now += 2_000)
    await tendInMemory(table, { config, now: () => now });
}

function inBatches(events: readonly Event[]): Event[][] {
  const batches: Event[][] = [[]];
  for (const event of events) {
    if (oneIn(4)) batches.push([]);
    batches.at(-1)?.push(event);
  }
  return batches;
}

/** The platform takes events in one after the other, after all of them have happened. */
const received = (events: readonly Event[]): Event[] =>
  events.map((event, n) => ({ ...event, receivedAt: minute(40 + n) }));
/** Some events a second time, at the end, as when they are sent again from elsewhere a moment later. */
const withRepetitions = (events: readonly Event[]): Event[] => [
  ...events,
  ...shuffled(events.filter(() => oneIn(5))).map(sentAgain),
];
const sentAgain = (event: Event, n: number): Event => ({
  ...event,
  sentAt: minute(90),
  receivedAt: minute(90 + n),
  context: { ...event.context, ip: '10.0.0.1' },
});

const order = (event: Event): string => `${event.timestamp} ${event.messageId}`;
const shown = ({
  profileId,
  collection,
  createdAt,
  firstSeen,
  lastSeen,
  eventCount,
  identifiers,
  traits,
  segments,
}: Profile) => ({
  ...{ profileId, collection, createdAt, firstSeen, lastSeen, eventCount },
  identifiers: [...identifiers.keys()].sort(),
  traits: Object.fromEntries([...traits].flatMap(([name, { value }]) => (value === null ? [] : [[name, value]]))),
  segments: [...segments.keys()].sort(),
});

/** A profile's item in DynamoDB's own notation, as an export has it. */
const stored = (profile: Profile) =>
  Object.fromEntries(
    Object.entries(packItem(toProfileItem(profile, 1, { changes: [], log: [] }))).map(([name, value]) => [
      name,
      value instanceof Uint8Array
        ? { B: Buffer.from(value).toString('base64') }
        : typeof value === 'number'
          ? { N: String(value) }
          : { S: value },
    ]),
  );

const worlds = [];
for (let world = 0; world < count; world++) {
  const people = 2 + below(8);
  const events = Array.from({ length: 5 + below(25) }, (_, n) => eventIn(world, n, people));
  const releases = oneIn(2) ? Array.from({ length: 1 + below(4) }, (_, n) => releaseIn(world, n, people)) : [];
  const first = releases.map(({ timestamp }) => timestamp).sort()[0] ?? '9';
  const early = events.filter(({ timestamp }) => timestamp <= first);
  const mixed = [...shuffled([...early, ...releases]), ...shuffled(events.filter((event) => !early.includes(event)))];
  const inOrder = [...events, ...releases].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  const kept = await fold(received(inOrder).map((event) => [event]));
  const binding = kept.log.some(({ kind }) => kind === 'drop');
  const arriving = received(binding ? inOrder : mixed);
  const arrivals = binding ? arriving : withRepetitions(arriving);
  const { profiles, log } = await fold(inBatches(arrivals));
  worlds.push({
    binding,
    released: releases.length > 0,
    events: shuffled(arrivals),
    profiles: profiles.map(shown),
    items: profiles.map(stored),
    log,
  });
}
const { identity, segments, traits, survivorship } = config;
process.stdout.write(
  JSON.stringify({
    config: {
      identity,
      segments,
      traits,
      survivorship,
      countries: { shop: 'US', app: 'US' },
      packing: packingDictionary,
    },
    worlds,
  }),
);
