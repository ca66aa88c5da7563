import { describe, expect, it } from 'vitest';
import type { Destination } from '../../lambdas/core/destinations/destination.ts';
import type { Outcome } from '../../lambdas/core/destinations/outcome.ts';
import { newProfile } from '../../lambdas/core/profile/profile.ts';
import { openGate } from '../fakes/deliveries.ts';
import { deliveryLine } from '../fixtures/delivery-line.ts';
import { eventOf, minute } from '../fixtures/events.ts';

const member = { ...newProfile('p1', eventOf({})), segments: new Map([['vip', minute(2)]]) };
const hour = 3_600;
const thrown = (name: string, more: object = {}): Error =>
  Object.assign(new Error('ann@example.com'), { name, ...more });
const answer = (status: number, retryAfter: string | null = null): Error =>
  thrown('HTTPError', { response: { status, headers: { get: () => retryAfter } } });

/** One entry for a destination that always fails alike: the seconds of its tries, and the letter at the end. */
async function failing(failure: () => Error, more: object = {}) {
  const tries: number[] = [];
  const destination: Destination = {
    deliver: async () => {
      tries.push((line.now() - started) / 1_000);
      throw failure();
    },
  };
  const line = deliveryLine({ destination, find: () => member, more: { gate: openGate, ...more } });
  const started = line.now();
  line.announce('p1', 'entered');
  await line.pass();
  return { tries, letters: line.letters };
}
const waitsOf = (tries: readonly number[]): number[] => tries.slice(1).map((time, n) => time - (tries[n] ?? 0));

/** Half of every wait, because chance is a half: then four hours are over after so many tries. */
const growing = [1, 2, 4, 8, 16, 32, 64, 128, 256, 450];

describe('a destination that always answers alike', () => {
  it.each([400, 403, 404, 409, 413, 422, 501, 302].map((status) => ({ status })))(
    '$status: one try, and a letter',
    async ({ status }) => {
      const { tries, letters } = await failing(() => answer(status));
      expect(tries).toHaveLength(1);
      expect(letters).toMatchObject([{ why: { reason: `HTTPError ${status}`, tries: '1' } }]);
      expect(JSON.parse(letters[0]?.body ?? '')).toMatchObject({ detail: { profileId: 'p1', segment: 'vip' } });
    },
  );

  it.each([
    ...[401, 408, 423, 425, 429, 500, 502, 503, 504].map((status) => ({
      name: String(status),
      failure: () => answer(status),
      reason: `HTTPError ${status}`,
    })),
    { name: 'a slow head, or a drip', failure: () => thrown('AnswerTooLate'), reason: 'AnswerTooLate' },
    { name: 'a reset', failure: () => thrown('ConnectionFailed', { code: 'ECONNRESET' }), reason: 'ConnectionFailed' },
  ])('$name: tries at growing distances for four hours, and a letter', async ({ failure, reason }) => {
    const { tries, letters } = await failing(failure);
    expect(waitsOf(tries).slice(0, growing.length)).toEqual(growing);
    expect(tries.at(-1)).toBeGreaterThanOrEqual(4 * hour);
    expect(tries.at(-1)).toBeLessThan(4 * hour + 450);
    expect(letters).toMatchObject([{ why: { reason, tries: String(tries.length) } }]);
  });

  it.each([
    { name: 'a redirect to the metadata', failure: () => thrown('Redirected') },
    { name: 'an address that is forbidden', failure: () => thrown('ForbiddenAddress') },
    { name: 'a payload that its own code refuses', failure: () => thrown('PayloadValidationError', { status: 400 }) },
  ])('$name: one try, and a letter', async ({ failure }) => expect((await failing(failure)).tries).toHaveLength(1));

  it('a TypeError in the destination: three tries, and a letter', async () => {
    const { tries, letters } = await failing(() => new TypeError());
    expect(tries).toEqual([0, 1, 3]);
    expect(letters).toMatchObject([{ why: { reason: 'TypeError', tries: '3' } }]);
  });

  it.each([
    { asked: '120', waits: 120 },
    { asked: 'Sat, 02 May 2026 00:30:00 GMT', waits: 1_800 },
    { asked: '0', waits: 1 },
    { asked: '1000000000', waits: hour },
  ])('429 with Retry-After: $asked, waits $waits seconds first', async ({ asked, waits }) => {
    const { tries } = await failing(() => answer(429, asked));
    expect(waitsOf(tries)[0]).toBe(waits);
    expect(tries.at(-1)).toBeLessThan(5 * hour + 450);
  });

  it('tries for as many hours as the destination has', async () => {
    const { tries } = await failing(() => answer(503), { hours: 48 });
    expect(tries.at(-1)).toBeGreaterThanOrEqual(48 * hour);
    expect(tries.length).toBeLessThan(1_000);
  });
});

it.each<{ name: string; outcome: Outcome; isTaken: boolean }>([
  { name: 'an answer without end after 200', outcome: { kind: 'delivered', requests: 1 }, isTaken: true },
  { name: 'HTML with 200', outcome: { kind: 'delivered', requests: 1 }, isTaken: true },
  { name: 'nothing sent', outcome: { kind: 'filtered', reason: 'nothing sent', requests: 0 }, isTaken: true },
])('$name: one try, and no letter', async ({ outcome }) => {
  let tries = 0;
  const destination: Destination = {
    deliver: async () => {
      tries += 1;
      return [outcome];
    },
  };
  const line = deliveryLine({ destination, find: () => member });
  line.announce('p1', 'entered');
  await line.pass();
  expect([tries, line.letters]).toEqual([1, []]);
});

it('a message that nobody can read: no try, and a letter at once', async () => {
  const line = deliveryLine({ destination: { deliver: async () => [] }, find: () => member, more: { gate: openGate } });
  line.announce('', 'entered');
  await line.pass();
  expect(line.letters).toMatchObject([{ why: { reason: 'unreadable', tries: '1' } }]);
});

describe('a breaker', () => {
  /** Many people, and a destination that answers as `answers` says at a time. */
  async function crowd(count: number, answers: (seconds: number) => Error | undefined) {
    const calls: number[] = [];
    const taken: string[] = [];
    const destination: Destination = {
      deliver: async (items) => {
        const seconds = (line.now() - started) / 1_000;
        calls.push(seconds);
        const failure = answers(seconds);
        if (failure !== undefined) throw failure;
        taken.push(...items.map(({ call }) => call.anonymousId ?? ''));
        return items.map(() => ({ kind: 'delivered', requests: 1 }) as const);
      },
    };
    const line = deliveryLine({ destination, find: (profileId) => ({ ...member, profileId }) });
    const started = line.now();
    for (let n = 0; n < count; n++) line.announce(`p${n}`, 'entered');
    await line.pass();
    return { calls, taken, letters: line.letters, ended: (line.now() - started) / 1_000 };
  }

  it('calls a dead destination by one delivery now and then, and loses nobody', async () => {
    const outage = 3 * hour;
    const { calls, taken, letters } = await crowd(500, (seconds) => (seconds < outage ? answer(503) : undefined));
    expect(taken.length).toBe(500);
    expect(new Set(taken).size).toBe(500);
    expect(letters).toEqual([]);
    // Twenty failures open it; after that one probe for each pause of 1, 2, 4, 8 and then 15 minutes.
    expect(calls.filter((seconds) => seconds < outage).length).toBeLessThanOrEqual(30 + 4 + outage / (15 * 60) + 1);
  });

  it('stops at the first call whose credentials are refused, and goes on once they are mended', async () => {
    const { calls, taken, letters } = await crowd(200, (seconds) => (seconds < hour ? answer(401) : undefined));
    expect(calls.filter((seconds) => seconds < hour).length).toBeLessThanOrEqual(10 + 4 + 4);
    expect([new Set(taken).size, letters]).toEqual([200, []]);
  });

  it('is told to operators when it opens, and costs no delivery when nobody can record it', async () => {
    const warnings: string[] = [];
    const warn = (message: string, details: object) => warnings.push(`${message} ${JSON.stringify(details)}`);
    await failing(() => answer(401), { gate: openGate, warn });
    expect(warnings).toContain('the breaker opened {"failures":"HTTPError 401"}');
    const broken = { ...openGate, writeBreaker: () => Promise.reject(new RangeError()) };
    const { tries, letters } = await failing(() => answer(503), { gate: broken, warn });
    expect([tries.length > 20, letters.length]).toEqual([true, 1]);
    expect(warnings).toContain('how the destination answers is not recorded {"reason":"RangeError"}');
  });

  it('stays closed where items are refused one by one', async () => {
    const { calls, letters } = await crowd(100, () => answer(400));
    expect([calls.length, letters.length]).toEqual([100, 100]);
  });

  it('makes letters of messages that it has held back for as long as their queue keeps them', async () => {
    const { taken, letters, ended } = await crowd(50, () => answer(503));
    expect([taken, letters.length]).toEqual([[], 50]);
    expect(ended).toBeLessThan(14 * 24 * hour);
  });
});

it('tells no more people a second than the destination takes', async () => {
  const calls: number[] = [];
  const destination: Destination = {
    deliver: async (items) => {
      calls.push(line.now());
      return items.map(() => ({ kind: 'delivered', requests: 1 }) as const);
    },
  };
  const more = { perSecond: 5 };
  const line = deliveryLine({ destination, find: (profileId) => ({ ...member, profileId }), more });
  const started = line.now();
  for (let n = 0; n < 200; n++) line.announce(`p${n}`, 'entered');
  await line.pass();
  expect(calls).toHaveLength(200);
  for (const [n, time] of calls.entries()) expect(n).toBeLessThanOrEqual(5 + ((time - started) / 1_000) * 5);
  expect((line.now() - started) / 1_000).toBeLessThan(3 * (200 / 5));
});
