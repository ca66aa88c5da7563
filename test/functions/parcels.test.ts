import type { SQSEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parcelsOf, readParcel, type Tries } from '../../lambdas/core/destinations/forwarding/parcel.ts';
import type { Outcome } from '../../lambdas/core/destinations/outcome.ts';
import type { DeliverDeps } from '../../lambdas/functions/deliver/handler.ts';
import { eventOf } from '../fixtures/events.ts';
import { deliverInMemory } from '../fixtures/in-memory/deliver.ts';
import { numRuns } from '../fixtures/laws.ts';

const start = Date.UTC(2026, 4, 1);
const delivered: Outcome = { kind: 'delivered', requests: 1 };
const retry: Outcome = { kind: 'retry', reason: 'busy 503', requests: 1, status: 503 };
const refused: Outcome = { kind: 'refused', reason: 'bad 400', requests: 1, status: 400 };

interface Message {
  readonly body: string;
  readonly sent: number;
  visible: number;
  received: number;
  firstReceived?: number;
}

/** A destination's queue in a time of its own, and what deliver does with its messages. */
function queueOf(
  bodies: readonly string[],
  answer: (id: string, now: number) => Outcome,
  more: Partial<DeliverDeps> = {},
) {
  let now = start;
  let messages: Message[] = bodies.map((body) => ({ body, sent: now, visible: now, received: 0 }));
  const arrived: string[] = [];
  const dead: { ids: string[]; reason: string | undefined; tries: string | undefined }[] = [];
  const waits: number[] = [];
  const idsIn = (body: string) =>
    (readParcel(body)?.events ?? []).map((each) => (each as { messageId: string }).messageId);
  const handler = deliverInMemory({
    segments: new Set(),
    destination: {
      deliver: async (items) =>
        items.map(({ id }) => {
          const outcome = answer(id, now);
          if (outcome.kind === 'delivered') arrived.push(id);
          return outcome;
        }),
    },
    putOff: async (handle, seconds) => {
      waits.push(seconds);
      (messages[Number(handle)] as Message).visible = now + seconds * 1_000;
    },
    giveUp: async (body, { reason, tries }) => void dead.push({ ids: idsIn(body), reason, tries }),
    sendBack: async (body, seconds) => {
      waits.push(seconds);
      messages.push({ body, sent: now, visible: now + seconds * 1_000, received: 0 });
    },
    now: () => now,
    ...more,
  });
  const receive = async (): Promise<void> => {
    now = Math.max(now, Math.min(...messages.map(({ visible }) => visible)));
    const shown = messages.filter(({ visible }) => visible <= now).slice(0, 10);
    for (const message of shown) {
      message.received += 1;
      message.firstReceived ??= now;
      message.visible = now + 180_000;
    }
    const Records = shown.map((message) => ({
      messageId: String(messages.indexOf(message)),
      receiptHandle: String(messages.indexOf(message)),
      body: message.body,
      attributes: {
        SentTimestamp: String(message.sent),
        ApproximateFirstReceiveTimestamp: String(message.firstReceived),
        ApproximateReceiveCount: String(message.received),
      },
    }));
    const { batchItemFailures } = await handler({ Records } as unknown as SQSEvent);
    const kept = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    messages = messages.filter((message) => !shown.includes(message) || kept.has(String(messages.indexOf(message))));
  };
  const drain = async (): Promise<void> => {
    for (let receipts = 0; messages.length > 0; receipts += 1) {
      if (receipts > 10_000) throw new Error('the queue never empties');
      await receive();
    }
  };
  return {
    drain,
    receive,
    arrived,
    dead,
    waits,
    hours: () => (now - start) / 3_600_000,
    bodies: () => messages.map(({ body }) => body),
  };
}

const parcel = (ids: readonly string[], tries?: Tries): string =>
  parcelsOf(
    ids.map((messageId) => JSON.stringify(eventOf({ messageId, userId: messageId }))),
    tries,
  )[0] ?? '';

describe('a parcel of forwarded events', () => {
  it('is delivered event by event', async () => {
    const { drain, arrived, waits } = queueOf([parcel(['a', 'b', 'c'])], () => delivered);
    await drain();
    expect([arrived, waits]).toEqual([['a', 'b', 'c'], []]);
  });

  it('returns with what failed, and one try more', async () => {
    let down = true;
    const { receive, drain, bodies, arrived } = queueOf([parcel(['a', 'b', 'c'])], (id) =>
      down && id === 'b' ? retry : delivered,
    );
    await receive();
    expect(arrived).toEqual(['a', 'c']);
    expect(bodies().map(readParcel)).toMatchObject([
      { tries: { tries: 1, queued: start, firstTried: start, notBefore: start + 1_000 }, events: [{ messageId: 'b' }] },
    ]);
    down = false;
    await drain();
    expect(arrived).toEqual(['a', 'c', 'b']);
  });

  it('stays the same message while all of it fails', async () => {
    const body = parcel(['a', 'b']);
    const { receive, bodies, waits } = queueOf([body], () => retry);
    await receive();
    await receive();
    expect([bodies(), waits]).toEqual([[body], [1, 2]]);
  });

  it('keeps what is refused as a dead letter with its reason, and delivers the rest', async () => {
    const { drain, arrived, dead } = queueOf([parcel(['a', 'b', 'c'])], (id) => (id === 'b' ? refused : delivered));
    await drain();
    expect(arrived).toEqual(['a', 'c']);
    expect(dead).toEqual([{ ids: ['b'], reason: 'bad 400', tries: '1' }]);
  });

  it('is given up after four hours, whether whole or in part', async () => {
    for (const first of [retry, delivered]) {
      let calls = 0;
      const { drain, dead, hours } = queueOf([parcel(['a', 'b'])], (id) =>
        id === 'a' && ++calls === 1 ? first : retry,
      );
      await drain();
      expect(dead.flatMap(({ ids }) => ids)).toEqual(first === retry ? ['a', 'b'] : ['b']);
      expect(hours()).toBeGreaterThan(4);
      expect(hours()).toBeLessThan(4.3);
    }
  });

  it('waits as long as the tool asks, also beyond what SQS holds back a new message', async () => {
    let asked = false;
    const after: Outcome = { ...retry, after: '3000' };
    const { drain, arrived, hours, waits } = queueOf([parcel(['a', 'b'])], (id) => {
      if (id === 'a' || asked) return delivered;
      asked = true;
      return after;
    });
    await drain();
    expect(arrived).toEqual(['a', 'b']);
    expect(waits).toEqual([900, 2_100]);
    expect(hours() * 3_600).toBe(3_000);
  });

  it('keeps what is no event as a dead letter', async () => {
    const { drain, dead, arrived } = queueOf(
      [parcelsOf(['{"type":"track"}', JSON.stringify(eventOf({ messageId: 'a', userId: 'u' })), '7'])[0] ?? ''],
      () => delivered,
    );
    await drain();
    expect(arrived).toEqual(['a']);
    expect(dead).toMatchObject([{ reason: 'not an event' }]);
  });

  it('returns what time did not suffice for, without a try more', async () => {
    let clock = start;
    const seen: string[] = [];
    const { receive, bodies } = queueOf([parcel(Array.from({ length: 25 }, (_, n) => `m${n}`))], () => delivered, {
      now: () => clock,
      destination: {
        deliver: async (items) => {
          clock += 1_500;
          seen.push(...items.map(({ id }) => id));
          return items.map(() => delivered);
        },
      },
    });
    await receive();
    expect(seen.length).toBeLessThan(25);
    const [rest] = bodies().map(readParcel);
    expect(rest?.tries).toMatchObject({ tries: 0, notBefore: 0 });
    expect(seen.length + (rest?.events.length ?? 0)).toBe(25);
  });

  it('ends with each event delivered or kept, whatever the tool answers', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }),
        fc.infiniteStream(fc.constantFrom(delivered, delivered, retry, refused, { ...retry, mostTries: 3 })),
        async (sizes, answers) => {
          const ids = sizes.map((size, n) => Array.from({ length: size }, (_, k) => `m${n}-${k}`));
          const { drain, arrived, dead } = queueOf(
            ids.map((some) => parcel(some)),
            () => answers.next().value as Outcome,
          );
          await drain();
          expect([...arrived, ...dead.flatMap((letter) => letter.ids)].sort()).toEqual(ids.flat().sort());
        },
      ),
      { numRuns: numRuns(200) },
    ));
});
