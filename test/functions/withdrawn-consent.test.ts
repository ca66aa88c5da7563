import type { SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { askedBarriers } from '../../lambdas/adapters/barriers/none.ts';
import { eventPerson } from '../../lambdas/adapters/dynamodb/event-person.ts';
import { identifierKey } from '../../lambdas/adapters/dynamodb/identifier-key.ts';
import { keyedOwners } from '../../lambdas/adapters/dynamodb/keyed-owners.ts';
import { profileTable } from '../../lambdas/adapters/dynamodb/profile-table.ts';
import type { Outcome } from '../../lambdas/core/destinations/outcome.ts';
import { ownerNames } from '../../lambdas/core/profile/owner-name.ts';
import { sight } from '../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../lambdas/core/stitching/plan.ts';
import { createHandler as createForward } from '../../lambdas/functions/forward/handler.ts';
import { attemptLog } from '../fakes/deliveries.ts';
import { MemoryDynamoDb } from '../fakes/memory-dynamodb.ts';
import { configOf, eventOf } from '../fixtures/events.ts';
import { deliverInMemory } from '../fixtures/in-memory/deliver.ts';
import { recordsOf } from './forward/destinations.ts';

const config = configOf({ destinations: [{ id: 'ads', kind: 'webhook', events: {}, consent: ['ads'] }] });
const purposes = [
  { key: 'ads', name: 'Ads', kind: 'advertising' },
  { key: 'stats', name: 'Statistics', default: 'granted' },
];
/** Two destinations that use data for purposes. */
const using = (...uses: readonly string[]) =>
  configOf({ purposes, destinations: [{ id: 'ads', kind: 'webhook', events: {}, uses }] });
const delivered: Outcome = { kind: 'delivered', requests: 1, status: 200 };
const busy: Outcome = { kind: 'retry', reason: 'HTTPError 503', requests: 1, status: 503 };
const bad: Outcome = { kind: 'refused', reason: 'HTTPError 400', requests: 1, status: 400 };
const says = (preferences: object) => ({ context: { consent: { categoryPreferences: preferences } } });
const yes = says({ ads: true });

/** The ways of events to the profiles and to a destination, one beside the other. */
async function world(answer: () => Outcome = () => delivered, given = config) {
  const [{ consent = [], uses } = {}] = given.destinations;
  const personOf = eventPerson(given, 'secret');
  const { client } = new MemoryDynamoDb();
  const pause = async () => {};
  const table = profileTable(client, 'profiles', identifierKey('secret'), pause);
  const owners = keyedOwners(client, 'profiles', pause);
  const queue: string[] = [];
  const letters: string[] = [];
  const sent: string[] = [];
  const asked: string[][] = [];
  const { attempts, rows } = attemptLog();
  let made = 0;
  const state = { now: Date.UTC(2026, 4, 1, 12), unreadable: false };
  const forward = createForward({
    destinations: given.destinations,
    purposes: given.purposes,
    put: async (_destination, parcels) => {
      queue.push(...parcels);
      return { ok: true };
    },
    putAside: async () => ({ ok: true }),
    personOf,
    ...askedBarriers(),
    count: () => {},
    now: () => state.now,
    warn: () => {},
  });
  const deliver = deliverInMemory({
    config: given,
    segments: new Set(),
    consent,
    uses,
    owners: async (keys) => {
      if (state.unreadable) throw new Error('no table');
      asked.push([...keys]);
      return owners(keys);
    },
    destination: {
      deliver: async (items) => {
        sent.push(...items.map(({ call }) => call.userId ?? call.anonymousId ?? ''));
        return items.map(answer);
      },
    },
    giveUp: async (body) => void letters.push(body),
    sendBack: async (body) => void queue.push(body),
    attempts,
    now: () => state.now,
  });
  const timed = (fields: object) => {
    const at = new Date(state.now).toISOString();
    state.now += 60_000;
    return eventOf({ timestamp: at, receivedAt: at, ...fields });
  };
  return {
    state,
    queue,
    letters,
    asked,
    rows: () => rows().map(({ outcome, reason, stage, attempt }) => [outcome, reason, stage, attempt].join(' ')),
    sent: () => sent,
    /** Events come in, and their profiles have not seen them. */
    come: async (...events: readonly object[]): Promise<void> => {
      await forward(recordsOf(events.map((fields) => JSON.stringify(timed(fields)))));
    },
    /** Profiles see events. */
    see: async (...events: readonly object[]): Promise<void> => {
      for (const fields of events) {
        const sightings = sight([timed(fields)], given);
        const snapshot = await table.load(ownerNames(sightings));
        for (const write of planStitch(sightings, snapshot, given, () => `p${++made}`).writes)
          expect((await table.write(write)).kind).toBe('written');
      }
    },
    /** Delivers what waits; what is kept waits on. */
    deliver: async (): Promise<void> => {
      state.now += 900_000;
      const bodies = queue.splice(0);
      const Records = bodies.map((body, n) => ({
        messageId: `${n}`,
        receiptHandle: `${n}`,
        body,
        attributes: {
          SentTimestamp: `${state.now}`,
          ApproximateFirstReceiveTimestamp: `${state.now}`,
          ApproximateReceiveCount: '1',
        },
      })) as unknown as SQSRecord[];
      const { batchItemFailures } = await deliver({ Records });
      queue.push(...batchItemFailures.map(({ itemIdentifier }) => bodies[Number(itemIdentifier)] ?? ''));
    },
  };
}

const ann = { userId: 'ann', anonymousId: 'a1' };

describe('an event that was forwarded with consent', () => {
  it.each([
    { name: 'is sent while nothing has changed', seen: [{ ...ann, ...yes }], isSent: true },
    { name: 'is sent if nobody knows the person yet', seen: [], isSent: true },
    { name: 'is sent if the person said nothing elsewhere', seen: [ann], isSent: true },
    { name: 'is sent if another category is refused', seen: [{ ...ann, ...says({ mail: false }) }], isSent: true },
    { name: 'is sent if somebody else refuses', seen: [ann, { userId: 'bob', ...says({ ads: false }) }], isSent: true },
    {
      name: 'is not sent after the person refused',
      seen: [
        { ...ann, ...yes },
        { ...ann, ...says({ ads: false }) },
      ],
    },
    {
      name: 'is not sent after the person refused on another device',
      seen: [
        { ...ann, ...yes },
        { userId: 'ann', anonymousId: 'a2', ...says({ ads: false }) },
      ],
    },
    {
      name: 'is not sent after a device refused that became the same person',
      seen: [
        { anonymousId: 'a3', ...says({ ads: false }) },
        { type: 'identify', userId: 'ann', anonymousId: 'a3' },
      ],
    },
    {
      name: 'is sent after the person agreed again',
      seen: [
        { anonymousId: 'a1', ...says({ ads: false }) },
        { anonymousId: 'a1', ...yes },
      ],
      isSent: true,
    },
  ])('$name', async ({ seen, isSent = false }) => {
    const { come, see, deliver, sent, rows, queue, letters } = await world();
    await come({ ...ann, ...yes });
    await see(...seen);
    await deliver();
    expect(sent()).toEqual(isSent ? ['ann'] : []);
    expect(rows()).toEqual([isSent ? 'delivered  tool 1' : 'filtered no_consent rules 1']);
    expect([queue, letters]).toEqual([[], []]);
  });

  it('is not tried again after the person refused, and the others of its message are', async () => {
    let answer: Outcome = busy;
    const { come, see, deliver, sent, rows, asked } = await world(() => answer);
    await come({ ...ann, ...yes }, { ...ann, ...yes }, { anonymousId: 'b1', ...yes });
    await see({ ...ann, ...yes }, { anonymousId: 'b1', ...yes });
    await deliver();
    await see({ ...ann, ...says({ ads: false }) });
    answer = delivered;
    await deliver();
    expect(sent()).toEqual(['ann', 'ann', 'b1', 'b1']);
    expect(rows().slice(3).sort()).toEqual([
      'delivered  tool 1',
      'filtered no_consent rules 1',
      'filtered no_consent rules 1',
    ]);
    expect(asked.map((keys) => [keys.length, keys.join().includes('ann')])).toEqual([
      [2, false],
      [2, false],
    ]);
  });

  it('is not sent while nobody can read whether the person refused, and stays', async () => {
    const { come, see, deliver, sent, rows, state } = await world();
    await come({ ...ann, ...yes });
    await see({ ...ann, ...yes });
    state.unreadable = true;
    await deliver();
    expect([sent(), rows()]).toEqual([[], ['retried other rules 1']]);
    state.unreadable = false;
    await deliver();
    expect(sent()).toEqual(['ann']);
  });

  it('is not sent again out of the dead letters after the person refused', async () => {
    let answer: Outcome = bad;
    const { come, see, deliver, sent, rows, queue, letters } = await world(() => answer);
    await come({ ...ann, ...yes });
    await deliver();
    await see({ ...ann, ...says({ ads: false }) });
    answer = delivered;
    queue.push(...letters);
    await deliver();
    expect(sent()).toEqual(['ann']);
    expect(rows()).toEqual(['refused client_error tool 1', 'filtered no_consent rules 1']);
  });
});

describe('an event for a destination that uses data for purposes', () => {
  const no = says({ ads: false });
  const gpc = { context: { consent: { gpc: true } } };
  const noTo = (key: string) => says({ [key]: false });

  it.each([
    { name: 'silence refuses advertising', uses: ['ads'], event: {}, seen: [ann] },
    { name: 'silence refuses advertising of somebody whom nobody knows', uses: ['ads'], event: {}, seen: [] },
    { name: 'the event grants what the profile has not seen', uses: ['ads'], event: yes, seen: [], isSent: true },
    { name: 'the event grants what the profile does not know', uses: ['ads'], event: yes, seen: [ann], isSent: true },
    { name: 'the profile grants', uses: ['ads'], event: {}, seen: [{ ...ann, ...yes }], isSent: true },
    {
      name: 'the profile refuses',
      uses: ['ads'],
      event: yes,
      seen: [
        { ...ann, ...yes },
        { ...ann, ...no },
      ],
    },
    { name: 'another device asked not to be sold', uses: ['ads'], event: yes, seen: [{ userId: 'ann', ...gpc }] },
    { name: 'silence grants what is granted by default', uses: ['stats'], event: {}, seen: [], isSent: true },
    { name: 'a no refuses it', uses: ['stats'], event: {}, seen: [{ ...ann, ...noTo('stats') }] },
    {
      name: 'one of two purposes refuses',
      uses: ['ads', 'stats'],
      event: {},
      seen: [
        { ...ann, ...yes },
        { ...ann, ...noTo('stats') },
      ],
    },
    {
      name: 'both purposes grant',
      uses: ['ads', 'stats'],
      event: {},
      seen: [{ ...ann, ...says({ ads: true, stats: true }) }],
      isSent: true,
    },
    {
      name: 'somebody else refuses',
      uses: ['stats'],
      event: {},
      seen: [ann, { userId: 'bob', ...noTo('stats') }],
      isSent: true,
    },
  ])('$name', async ({ uses, event, seen, isSent = false }) => {
    const { come, see, deliver, sent, rows, queue, letters } = await world(undefined, using(...uses));
    await come({ ...ann, ...event });
    await see(...seen);
    await deliver();
    expect(sent()).toEqual(isSent ? ['ann'] : []);
    expect(rows()).toEqual([isSent ? 'delivered  tool 1' : 'filtered no_consent rules 1']);
    expect([queue, letters]).toEqual([[], []]);
  });

  it('is not queued if it refuses itself', async () => {
    const { come, queue } = await world(undefined, using('ads'));
    await come({ ...ann, ...no }, { ...ann, context: { consent: { gpc: true, categoryPreferences: { ads: true } } } });
    expect(queue).toEqual([]);
  });
});
