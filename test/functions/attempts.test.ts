import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { reasonCodes } from '../../lambdas/core/attempts/reason-code.ts';
import { closedBreaker } from '../../lambdas/core/destinations/breaker.ts';
import type { Destination } from '../../lambdas/core/destinations/destination.ts';
import { parcelsOf } from '../../lambdas/core/destinations/forwarding/parcel.ts';
import type { Outcome } from '../../lambdas/core/destinations/outcome.ts';
import { newProfile, type Profile } from '../../lambdas/core/profile/profile.ts';
import { last } from '../../lambdas/core/segments/language/compute.ts';
import type { DeliverDeps } from '../../lambdas/functions/deliver/handler.ts';
import { attemptLog, openGate } from '../fakes/deliveries.ts';
import { configOf, eventOf, minute } from '../fixtures/events.ts';
import { deliverInMemory } from '../fixtures/in-memory/deliver.ts';

const now = Date.parse(minute(9));
const ann: Profile = {
  ...newProfile('marker-profile', eventOf({})),
  identifiers: new Map([
    ['user_id:marker-user', { first: minute(1), last: minute(1), linked: minute(1) }],
    ['email:marker@example.com', { first: minute(1), last: minute(1), linked: minute(1) }],
  ]),
  segments: new Map([['vip', minute(2)]]),
};

interface Sent {
  readonly body: string;
  readonly receives?: number;
  readonly first?: number;
  readonly redriven?: boolean;
}

const queueEvent = (...messages: readonly Sent[]): SQSEvent =>
  ({
    Records: messages.map(({ body, receives = 1, first = now, redriven }, n) => ({
      messageId: `q${n}`,
      receiptHandle: `r${n}`,
      body,
      attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: String(first),
        ApproximateFirstReceiveTimestamp: String(first),
      },
      messageAttributes: redriven ? { redriven: { dataType: 'String', stringValue: 'yes' } } : {},
    })),
  }) as unknown as SQSEvent;

const entered = (segment = 'vip', profileId = 'marker-profile'): string =>
  JSON.stringify({ id: 'occasion', detail: { profileId, segment, change: 'entered' } });

const changed = JSON.stringify({ id: 'occasion', detail: { profileId: 'marker-profile', trait: 'orders' } });
/** A computed trait of which the destination knows another value. */
const told = {
  names: new Set(['userId:marker-user']),
  former: new Set<string>(),
  value: 'another',
  pending: new Set<string>(),
};
const traits: DeliverDeps['traits'] = {
  keys: new Set(['orders']),
  memory: {
    recall: async () => new Map([[ann.profileId, told]]),
    begin: async () => {},
    confirm: async () => {},
    end: async () => {},
    forget: async () => {},
    distrust: async () => {},
  },
  newTry: () => 'unique',
  definitions: async () => configOf({ traits: [{ key: 'orders', compute: last('Order Completed', 'total') }] }),
};

const tracked = (more: object = {}) => ({
  type: 'track',
  event: 'Order Completed',
  messageId: 'marker-message',
  userId: 'marker-user',
  timestamp: minute(1),
  receivedAt: minute(2),
  sourceId: 'shop',
  properties: { note: 'marker-property' },
  context: { ip: 'marker-ip' },
  ...more,
});
const parcel = (...events: readonly object[]): string =>
  parcelsOf(events.map((event) => JSON.stringify({ ...eventOf({}), ...event })))[0] ?? '';

/** What an invocation records when the destination answers all items alike. */
async function recorded(messages: readonly Sent[], answer: Outcome | Error, more: Partial<DeliverDeps> = {}) {
  const { attempts, rows, tallies } = attemptLog();
  const destination: Destination = {
    deliver: async (items) => {
      if (answer instanceof Error) throw answer;
      return items.map(() => answer);
    },
  };
  const warnings: string[] = [];
  const handler = deliverInMemory({
    find: async (id) => (id === ann.profileId ? ann : undefined),
    destination,
    attempts,
    now: () => now,
    warn: (message) => warnings.push(message),
    ...more,
  });
  const result = await handler(queueEvent(...messages));
  return { rows: rows(), tallies, warnings, result };
}

const delivered: Outcome = { kind: 'delivered', requests: 1, status: 200 };
const busy: Outcome = { kind: 'retry', reason: 'HTTPError 503', requests: 1, status: 503 };
const bad: Outcome = { kind: 'refused', reason: 'marker of a tool 400', requests: 1, status: 400 };
const long = now - 5 * 3_600_000;
const open = async () => ({
  ...(await openGate.read()),
  breaker: { ...closedBreaker, openUntil: now + 60_000, openings: 1 },
});

const partTried =
  parcelsOf([JSON.stringify({ ...eventOf({}), ...tracked() })], {
    tries: 9,
    queued: long,
    firstTried: long,
    notBefore: 0,
  })[0] ?? '';

describe('each attempt is a row', () => {
  it.each([
    {
      name: 'delivered',
      sent: { body: entered() },
      answer: delivered,
      row: { outcome: 'delivered', stage: 'tool', status: 200, requests: 1, about: 'vip', kind: 'audience' },
    },
    {
      name: 'a computed trait',
      sent: { body: changed },
      answer: delivered,
      more: { traits },
      row: { outcome: 'delivered', stage: 'tool', status: 200, requests: 1, about: 'orders', kind: 'trait' },
    },
    {
      name: 'a computed trait that is held',
      sent: { body: changed },
      answer: delivered,
      more: { traits, gate: { ...openGate, read: open } },
      row: { outcome: 'held', reason: 'breaker_open', about: 'orders', kind: 'trait' },
    },
    {
      name: 'a computed trait of another destination',
      sent: { body: changed },
      answer: delivered,
      row: { outcome: 'filtered', reason: 'not_subscribed', about: 'orders', kind: 'trait' },
    },
    {
      name: 'nothing sent',
      sent: { body: entered() },
      answer: { kind: 'filtered', reason: 'nothing sent', requests: 0 } as const,
      row: { outcome: 'filtered', reason: 'nothing_sent', stage: 'tool' },
    },
    {
      name: 'of another segment',
      sent: { body: entered('old') },
      answer: delivered,
      row: { outcome: 'filtered', reason: 'not_subscribed', stage: 'rules', about: 'old' },
    },
    {
      name: 'of nobody',
      sent: { body: entered('vip', 'p9') },
      answer: delivered,
      row: { outcome: 'filtered', reason: 'gone', stage: 'rules' },
    },
    {
      name: 'retried',
      sent: { body: entered(), receives: 3 },
      answer: busy,
      row: { outcome: 'retried', reason: 'server_error', status: 503, attempt: 3, stage: 'tool' },
    },
    {
      name: 'dead after hours',
      sent: { body: entered(), receives: 9, first: long },
      answer: busy,
      row: { outcome: 'dead', reason: 'server_error', attempt: 9 },
    },
    {
      name: 'refused',
      sent: { body: entered() },
      answer: bad,
      row: { outcome: 'refused', reason: 'client_error', status: 400 },
    },
    {
      name: 'thrown',
      sent: { body: entered() },
      answer: new TypeError('marker of a tool'),
      row: { outcome: 'retried', reason: 'other' },
    },
    {
      name: 'redriven',
      sent: { body: entered(), redriven: true },
      answer: delivered,
      row: { outcome: 'delivered', redriven: true },
    },
    {
      name: 'redriven after a part of it was tried for hours',
      sent: { body: partTried, redriven: true },
      answer: busy,
      row: { outcome: 'retried', attempt: 1, redriven: true },
    },
    {
      name: 'the same before an operator sent it again',
      sent: { body: partTried },
      answer: busy,
      row: { outcome: 'dead', attempt: 10 },
    },
    {
      name: 'unreadable',
      sent: { body: 'marker of nonsense' },
      answer: delivered,
      row: { outcome: 'refused', reason: 'unreadable', kind: 'unreadable', stage: 'rules' },
    },
    {
      name: 'held by the breaker',
      sent: { body: entered(), receives: 2 },
      answer: delivered,
      more: { gate: { ...openGate, read: open } },
      row: { outcome: 'held', reason: 'breaker_open', stage: 'queue', about: 'vip', attempt: 0 },
    },
    {
      name: 'held by the rate',
      sent: { body: parcel(tracked(), tracked()) },
      answer: delivered,
      more: {
        perSecond: 0.1,
        gate: { ...openGate, read: async () => ({ ...(await openGate.read()), pace: { nextAt: now + 9_000_000 } }) },
      },
      row: { outcome: 'held', reason: 'rate_limited', stage: 'queue', kind: 'event', items: 2 },
    },
    {
      name: 'an event',
      sent: { body: parcel(tracked()) },
      answer: delivered,
      row: { outcome: 'delivered', kind: 'event', about: 'Order Completed', status: 200, batch: 1 },
    },
    {
      name: 'an event that is refused',
      sent: { body: parcel(tracked({ type: 'identify', event: undefined })) },
      answer: bad,
      row: { outcome: 'refused', kind: 'event', about: 'identify', reason: 'client_error' },
    },
  ])('$name', async ({ sent, answer, row, more = {} }) => {
    const { rows } = await recorded([sent], answer, more);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ destination: 'crm', at: minute(9), attempt: expect.any(Number), ...row });
    if (!('redriven' in row)) expect(rows[0]).not.toHaveProperty('redriven');
  });
});

describe('the log of attempts', () => {
  const everything: readonly Sent[] = [
    { body: entered() },
    { body: 'marker of nonsense' },
    { body: parcel(tracked({ event: 'Order of marker@example.com' }), tracked({ event: 'Called +4917012345678' })) },
    { body: parcel(tracked({ anonymousId: 'marker-anonymous', event: `marker${'x'.repeat(100)}` })) },
  ];
  const answers = [delivered, busy, bad, new Error('marker of a tool'), Object.assign(new Error(), { name: 'marker' })];

  it.each(answers.map((answer) => ({ answer })))(
    'holds nothing of a person or of a tool: $answer',
    async ({ answer }) => {
      const { rows } = await recorded(everything, answer);
      expect(rows).toHaveLength(5);
      expect(JSON.stringify(rows)).not.toMatch(/marker(?!-?of)|@|\+49|\d{13}/);
      for (const { reason } of rows) expect([...reasonCodes, undefined]).toContain(reason);
    },
  );

  it('is written once for an invocation', async () => {
    let calls = 0;
    const { attempts } = attemptLog();
    const log: typeof attempts.log = async (packs) => {
      calls += 1;
      expect(packs).toHaveLength(1);
      return { ok: true };
    };
    await recorded(everything, delivered, { attempts: { ...attempts, log } });
    expect(calls).toBe(1);
  });

  it.each([
    { name: 'refuses', log: async () => ({ ok: false, reason: 'throttled', error: 'SlowDown' }) as const },
    { name: 'throws', log: () => Promise.reject(new Error('gone')) },
  ])('repeats no delivery when the lake $name, and counts lost rows', async ({ log }) => {
    const { attempts, tallies } = attemptLog();
    const { result, warnings } = await recorded([{ body: entered() }], delivered, { attempts: { ...attempts, log } });
    expect(result).toEqual({ batchItemFailures: [] });
    expect(tallies).toEqual([{ delivered: 1, failed: 0, unlogged: 1 }]);
    expect(warnings).toEqual(['the lake did not take the rows of attempts']);
  });

  it('has rows without persons when their key cannot be read', async () => {
    const { attempts, rows } = attemptLog();
    const marking = () => Promise.reject(new Error('no table'));
    await recorded([{ body: entered() }], delivered, { attempts: { ...attempts, marking } });
    expect(rows()).toMatchObject([{ outcome: 'delivered' }]);
    expect(rows()[0]).not.toHaveProperty('person');
  });

  it('tells apart all rows of an invocation, and repeats no measures', async () => {
    const same = { body: entered() };
    const { rows, tallies } = await recorded([same, same, { body: parcel(tracked(), tracked()) }], delivered);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(4);
    expect(rows.flatMap(({ requests }) => requests ?? [])).toEqual([1, 1, 1]);
    expect(tallies).toEqual([{ delivered: 4, failed: 0, unlogged: 0 }]);
  });

  it('reports the failure rate while calls fail, from ten remembered calls on', async () => {
    const rateAfter = async (recent: string, answer: Outcome) => {
      const { attempts, rates } = attemptLog();
      const read = async () => ({ ...(await openGate.read()), breaker: { ...closedBreaker, recent } });
      await recorded([{ body: entered() }], answer, { attempts, gate: { ...openGate, read } });
      return rates;
    };
    expect(await rateAfter('.........', busy)).toEqual([10]);
    expect(await rateAfter('xxxx.....', busy)).toEqual([50]);
    expect(await rateAfter('x'.repeat(8), busy)).toEqual([]);
    expect(await rateAfter('xxxxxxxxx', delivered)).toEqual([]);
    expect(await rateAfter('', delivered)).toEqual([]);
  });
});
