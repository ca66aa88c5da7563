import type { SQSEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AudienceEvent } from '../../lambdas/core/destinations/audience-event.ts';
import type { Destination } from '../../lambdas/core/destinations/destination.ts';
import { newProfile, type Profile } from '../../lambdas/core/profile/profile.ts';
import type { DeliverDeps } from '../../lambdas/functions/deliver/handler.ts';
import { deliveryMemory } from '../fakes/deliveries.ts';
import { eventOf, minute } from '../fixtures/events.ts';
import { deliverInMemory } from '../fixtures/in-memory/deliver.ts';
import { numRuns } from '../fixtures/laws.ts';

const ann = (segments: string[]): Profile => ({
  ...newProfile('p1', eventOf({})),
  identifiers: new Map([
    ['user_id:ann', { first: minute(1), last: minute(1), linked: minute(1) }],
    ['anonymous_id:a', { first: minute(0), last: minute(1), linked: minute(0) }],
    ['email:ann@example.com', { first: minute(1), last: minute(1), linked: minute(1) }],
  ]),
  segments: new Map(segments.map((key) => [key, minute(2)])),
});

const millisecondsOf = (n: number): number => Date.parse(minute(n));
const at = (n: number): string => String(millisecondsOf(n));

/** What EventBridge puts on a destination's queue. */
const queueEvent = (...changes: { change: string; segment?: string; receives?: number }[]): SQSEvent => ({
  Records: changes.map(({ change, segment = 'vip', receives = 2 }, n) => ({
    messageId: `q${n}`,
    receiptHandle: `r${n}`,
    body: JSON.stringify({
      version: '0',
      source: 'cdp.segments',
      'detail-type': 'Segment Membership Changed',
      detail: { profileId: 'p1', segment, change },
    }),
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: at(0),
      SenderId: 's',
      ApproximateFirstReceiveTimestamp: at(8),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:111122223333:crm',
    awsRegion: 'us-east-1',
  })),
});

/** A destination that takes one event at a time. */
const telling = (tell: (event: AudienceEvent) => unknown): Destination => ({
  deliver: (items) =>
    Promise.all(
      items.map(async ({ call }) => {
        await tell(call as AudienceEvent);
        return { kind: 'delivered', requests: 1 } as const;
      }),
    ),
});

/** A destination that was told nothing so far, on record. */
const toldNobody = () => {
  const memory = deliveryMemory();
  for (const segment of ['vip', 'new']) memory.items.set(JSON.stringify(['p1', segment]), { names: new Set() });
  return memory;
};

/** A deliver function for a person whose segments `truth` gives each time it is asked. */
function deliverer(
  truth: () => Profile | undefined,
  fails: () => boolean = () => false,
  more: Partial<DeliverDeps> = {},
) {
  const sent: AudienceEvent[] = [];
  const warnings: string[] = [];
  const aside: unknown[] = [];
  const failing: number[] = [];
  const handler = deliverInMemory({
    segments: new Set(['vip', 'new']),
    find: async () => truth(),
    memory: toldNobody(),
    destination: telling((event) => {
      if (fails()) throw new TypeError('receiver answered 500');
      sent.push(event);
    }),
    putOff: async (...hidden) => void aside.push(hidden),
    giveUp: async (...letter) => void aside.push(letter),
    sendBack: async (...message) => void aside.push(message),
    failing: (seconds) => failing.push(seconds),
    now: () => millisecondsOf(9),
    warn: (message, details) => warnings.push(`${message} ${JSON.stringify(details)}`),
    ...more,
  });
  return { handler, sent, warnings, aside, failing };
}

/** Which reads of the profile fail, counted from the first; too few to have a message given up. */
const failures = fc.uniqueArray(fc.nat({ max: 12 }), { maxLength: 2 }).map((some) => new Set(some));

describe('deliver', () => {
  it("tells a destination with Segment's audience event", async () => {
    const { handler, sent } = deliverer(() => ann(['vip']));
    expect(await handler(queueEvent({ change: 'entered' }))).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual([
      {
        type: 'track',
        event: 'Audience Entered',
        messageId: expect.stringMatching(/^p1-entered-[\w-]{9}$/),
        timestamp: minute(2),
        userId: 'ann',
        properties: { audience_key: 'vip', vip: true },
        context: {
          personas: {
            computation_class: 'audience',
            computation_id: 'vip',
            computation_key: 'vip',
            namespace: 'cdp',
            space_id: 'cdp',
          },
          traits: { email: 'ann@example.com' },
        },
      },
    ]);
  });

  it.each([
    { name: 'an exit', change: 'exited', segments: [], told: ['Audience Exited'] },
    {
      name: 'an exit instead of an entry that no longer holds',
      change: 'entered',
      segments: [],
      told: ['Audience Exited'],
    },
    {
      name: 'an entry instead of an exit that no longer holds',
      change: 'exited',
      segments: ['vip'],
      told: ['Audience Entered'],
    },
  ])('tells $name', async ({ change, segments, told }) => {
    const { handler, sent } = deliverer(() => ann(segments));
    await handler(queueEvent({ change }));
    expect(sent.map(({ event }) => event)).toEqual(told);
  });

  it('says nothing of a segment that is another destination’s by now', async () => {
    const { handler, sent } = deliverer(() => ann(['vip', 'theirs']));
    expect(await handler(queueEvent({ change: 'entered', segment: 'theirs' }))).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual([]);
  });

  it('says nothing about someone who is gone', async () => {
    const { handler, sent } = deliverer(() => undefined);
    expect(await handler(queueEvent({ change: 'entered' }))).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual([]);
  });

  const failing = (more: Partial<DeliverDeps>) =>
    deliverer(
      () => ann(['vip']),
      () => true,
      more,
    );
  const [entered] = [queueEvent({ change: 'entered' })];
  const comesBack = { batchItemFailures: [{ itemIdentifier: 'q0' }] };

  it('hides a message that failed for longer at each try, or for as long as the receiver says', async () => {
    const { handler, aside } = failing({});
    expect(await handler(entered)).toEqual(comesBack);
    const answer = Object.assign(new Error(), { name: 'NotTaken', status: 503, retryAfter: '120' });
    const asking = failing({ destination: telling(() => Promise.reject(answer)) });
    expect(await asking.handler(entered)).toEqual(comesBack);
    expect([aside, asking.aside]).toEqual([[['r0', 2]], [['r0', 120]]]);
    expect(asking.warnings).toEqual(['not delivered {"reason":"NotTaken 503","queueMessageId":"q0"}']);
  });

  it.each([
    { thrown: 'ann@example.com', reason: 'thrown string' },
    { thrown: undefined, reason: 'thrown undefined' },
    { thrown: null, reason: 'thrown object' },
    { thrown: { status: '503', message: 'ann@example.com' }, reason: 'thrown object' },
    { thrown: Object.assign(new RangeError(), { retryAfter: 120 }), reason: 'RangeError' },
  ])('hides a message whatever its destination threw, and logs its kind only: $reason', async ({ thrown, reason }) => {
    const { handler, aside, warnings } = failing({ destination: telling(() => Promise.reject(thrown)) });
    expect(await handler(entered)).toEqual(comesBack);
    expect(aside).toEqual([['r0', 2]]);
    expect(warnings).toEqual([`not delivered {"reason":"${reason}","queueMessageId":"q0"}`]);
  });

  it('tells once for a batch for how long deliveries have failed, and nothing while none does', async () => {
    const { handler, failing: told } = failing({});
    await handler(queueEvent({ change: 'entered' }, { change: 'exited' }));
    const fine = deliverer(() => ann(['vip']));
    await fine.handler(entered);
    expect([told, fine.failing]).toEqual([[60], []]);
  });

  it('keeps a message among the dead letters, whole and with its reason, once it was tried for four hours', async () => {
    const { handler, aside, warnings } = failing({ now: () => millisecondsOf(8) + 4 * 3_600_000 });
    expect(await handler(entered)).toEqual({ batchItemFailures: [] });
    expect(aside).toEqual([[entered.Records[0]?.body, { reason: 'TypeError', tries: '2' }]]);
    expect(warnings).toEqual(['given up {"reason":"TypeError","queueMessageId":"q0"}']);
  });

  it.each([
    ['be hidden', { putOff: () => Promise.reject(new RangeError()) }],
    ['be kept', { giveUp: () => Promise.reject(new RangeError()), now: () => millisecondsOf(8) + 4 * 3_600_000 }],
  ])('leaves a message to its queue that cannot %s', async (_, refusing) => {
    const { handler, warnings } = failing(refusing);
    expect(await handler(entered)).toEqual(comesBack);
    expect(warnings[1]).toBe(
      'not put aside; it comes again when its queue brings it back {"reason":"RangeError","queueMessageId":"q0"}',
    );
  });

  it('brings back the failed message alone, and logs nothing about the person', async () => {
    const { handler, sent, warnings } = deliverer(
      () => ann(['vip', 'new']),
      () => sent.length === 1,
    );
    expect(await handler(queueEvent({ change: 'entered' }, { change: 'entered', segment: 'new' }))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'q1' }],
    });
    expect(warnings).toEqual(['not delivered {"reason":"TypeError","queueMessageId":"q1"}']);
  });

  it('leaves the destination with the truth, however deliveries and changes interleave', () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 4 }), async (scheduler, changes) => {
        let member = false;
        let told = false;
        const memory = deliveryMemory();
        const deliver = deliverInMemory({
          find: scheduler.scheduleFunction(async () => ann(member ? ['vip'] : [])),
          memory,
          destination: telling(
            scheduler.scheduleFunction(async (event: AudienceEvent) => {
              told = event.event === 'Audience Entered';
            }),
          ),
          now: () => millisecondsOf(9),
          chance: () => 0,
        });
        const redeliver = async (change: string): Promise<void> => {
          for (let receipt = 0; receipt < 20; receipt++)
            if ((await deliver(queueEvent({ change }))).batchItemFailures.length === 0) return;
          throw new Error('never settled');
        };
        const deliveries = Array.from({ length: changes }, (_, n) =>
          scheduler.schedule(Promise.resolve(n)).then(() => {
            member = !member;
            return redeliver(member ? 'entered' : 'exited');
          }),
        );
        await scheduler.waitFor(Promise.all(deliveries));
        expect(told).toBe(member);
      }),
      { numRuns: numRuns(500) },
    ));

  it('leaves nobody a member under a name of before, however deliveries fail and interleave with a login', () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 3 }), failures, async (scheduler, before, failing) => {
        let reads = 0;
        const known = ann(['vip']);
        const visitor = { ...known, identifiers: new Map([...known.identifiers].filter(([id]) => id.endsWith(':a'))) };
        const members = new Map<string | undefined, boolean>();
        let truth: Profile = visitor;
        const deliver = deliverInMemory({
          find: scheduler.scheduleFunction(async () => {
            if (failing.has(reads++)) throw new Error('the table does not answer');
            return truth;
          }),
          memory: deliveryMemory(),
          destination: telling(
            scheduler.scheduleFunction(async ({ userId, anonymousId, event }: AudienceEvent) => {
              members.set(userId ?? anonymousId, event === 'Audience Entered');
            }),
          ),
          now: () => millisecondsOf(9),
          chance: () => 0,
        });
        const tell = async (): Promise<void> => {
          for (let receives = 1; receives <= 20; receives++)
            if ((await deliver(queueEvent({ change: 'entered', receives }))).batchItemFailures.length === 0) return;
          throw new Error('never settled');
        };
        const login = scheduler.schedule(Promise.resolve()).then(() => {
          truth = known;
          return tell();
        });
        await scheduler.waitFor(Promise.all([...Array.from({ length: before }, tell), login]));
        expect([members.get('ann'), members.get('a') ?? false]).toEqual([true, false]);
      }),
      { numRuns: numRuns(500) },
    ));
});
