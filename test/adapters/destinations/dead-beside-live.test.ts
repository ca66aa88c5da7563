import type { SQSRecord } from 'aws-lambda';
import { afterEach, expect, it } from 'vitest';
import type * as webhookModule from '../../../lambdas/adapters/destinations/webhook.ts';
import { newProfile } from '../../../lambdas/core/profile/profile.ts';
import { bundled } from '../../fixtures/bundled.ts';
import { eventOf, minute } from '../../fixtures/events.ts';
import { deliverInMemory } from '../../fixtures/in-memory/deliver.ts';
import { closeReceivers, receiver } from '../../fixtures/receiver.ts';

afterEach(closeReceivers);

/** Of the time of an attempt, milliseconds that are left here. */
const left = 8_000;
const member = { ...newProfile('p1', eventOf({})), segments: new Map([['vip', minute(1)]]) };
const messages = (count: number): SQSRecord[] =>
  Array.from({ length: count }, (_, n) => {
    const body = JSON.stringify({ detail: { profileId: `p${n}`, segment: 'vip', change: 'entered' } });
    const time = String(Date.now());
    const attributes = { SentTimestamp: time, ApproximateFirstReceiveTimestamp: time, ApproximateReceiveCount: '1' };
    return { messageId: `q${n}`, receiptHandle: `r${n}`, body, attributes } as SQSRecord;
  });

it('does not keep a destination waiting for one that accepts and never answers', async () => {
  const { webhook } = await bundled<typeof webhookModule>('lambdas/adapters/destinations/webhook.ts');
  const dead = await receiver({ behave: () => {} });
  const live = await receiver({});
  const ended: string[] = [];
  const functionOf = (host: string) =>
    deliverInMemory({
      find: async (profileId) => ({ ...member, profileId }),
      destination: webhook(async () => ({ url: `http://${host}/`, allowedPrivateHosts: [host] }), {}),
      // An attempt has 20 seconds.
      now: () => Date.now() - 20_000 + left,
    });
  const [deadFunction, liveFunction] = [functionOf(dead.host), functionOf(live.host)];
  const waiting = deadFunction({ Records: messages(10) }).then((answer) => {
    ended.push('dead');
    return answer;
  });
  for (let batch = 0; batch < 20; batch++)
    expect(await liveFunction({ Records: messages(10) })).toEqual({ batchItemFailures: [] });
  ended.push('live');
  expect(live.requests).toHaveLength(200);
  expect((await waiting).batchItemFailures).toHaveLength(10);
  expect(ended).toEqual(['live', 'dead']);
});
