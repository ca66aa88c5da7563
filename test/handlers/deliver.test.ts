import type { SQSEvent } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AudienceEvent } from '../../lambdas/core/delivery.ts';
import { newProfile, type Profile } from '../../lambdas/core/profile.ts';
import { createHandler } from '../../lambdas/deliver/handler.ts';
import { configOf, eventOf, minute } from '../fixtures/events.ts';

const ann = (segments: string[]): Profile => ({
  ...newProfile('p1', eventOf({})),
  identifiers: new Map([
    ['user_id:ann', { first: minute(1), last: minute(1), linked: minute(1) }],
    ['anonymous_id:a', { first: minute(0), last: minute(1), linked: minute(0) }],
    ['email:ann@example.com', { first: minute(1), last: minute(1), linked: minute(1) }],
  ]),
  segments: new Map(segments.map((key) => [key, minute(2)])),
});

/** What EventBridge puts on a destination's queue. */
const queueEvent = (...changes: { change: string; segment?: string }[]): SQSEvent => ({
  Records: changes.map(({ change, segment = 'vip' }, n) => ({
    messageId: `q${n}`,
    receiptHandle: `r${n}`,
    body: JSON.stringify({
      version: '0',
      source: 'cdp.segments',
      'detail-type': 'Segment Membership Changed',
      detail: { profileId: 'p1', segment, change },
    }),
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1', SenderId: 's', ApproximateFirstReceiveTimestamp: '1' },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:111122223333:crm',
    awsRegion: 'us-east-1',
  })),
});

/** A deliver function for a person whose segments `truth` gives each time it is asked. */
function deliverer(truth: () => Profile | undefined, fails: () => boolean = () => false) {
  const sent: AudienceEvent[] = [];
  const warnings: string[] = [];
  const handler = createHandler({
    config: configOf(),
    find: async () => truth(),
    send: async (event) => {
      if (fails()) throw new TypeError('receiver answered 500');
      sent.push(event);
    },
    now: () => minute(9),
    warn: (message, details) => warnings.push(`${message} ${JSON.stringify(details)}`),
  });
  return { handler, sent, warnings };
}

describe('deliver', () => {
  it("tells a destination with Segment's audience event", async () => {
    const { handler, sent } = deliverer(() => ann(['vip']));
    expect(await handler(queueEvent({ change: 'entered' }))).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual([
      {
        type: 'track',
        event: 'Audience Entered',
        messageId: `p1-vip-entered-${minute(2)}`,
        timestamp: minute(2),
        userId: 'ann',
        properties: { audience_key: 'vip', vip: true },
        context: {
          personas: { computation_class: 'audience', computation_id: 'vip', computation_key: 'vip', namespace: 'cdp', space_id: 'cdp' },
          traits: { email: 'ann@example.com' },
        },
      },
    ]);
  });

  it.each([
    { name: 'an exit', change: 'exited', segments: [], told: ['Audience Exited'] },
    { name: 'an exit instead of an entry that no longer holds', change: 'entered', segments: [], told: ['Audience Exited'] },
    { name: 'an entry instead of an exit that no longer holds', change: 'exited', segments: ['vip'], told: ['Audience Entered'] },
  ])('tells $name', async ({ change, segments, told }) => {
    const { handler, sent } = deliverer(() => ann(segments));
    await handler(queueEvent({ change }));
    expect(sent.map(({ event }) => event)).toEqual(told);
  });

  it('says nothing about someone who is gone', async () => {
    const { handler, sent } = deliverer(() => undefined);
    expect(await handler(queueEvent({ change: 'entered' }))).toEqual({ batchItemFailures: [] });
    expect(sent).toEqual([]);
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
        const deliver = createHandler({
          config: configOf(),
          find: scheduler.scheduleFunction(async () => ann(member ? ['vip'] : [])),
          send: scheduler.scheduleFunction(async (event: AudienceEvent) => {
            told = event.event === 'Audience Entered';
          }),
          now: () => minute(9),
          warn: () => {},
        });
        const redeliver = async (change: string): Promise<void> => {
          for (let receipt = 0; receipt < 20; receipt++) if ((await deliver(queueEvent({ change }))).batchItemFailures.length === 0) return;
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
      { numRuns: 500 },
    ));
});
