import type { SQSRecord } from 'aws-lambda';
import { expect, it } from 'vitest';
import type { Admitted } from '../../lambdas/functions/deliver/gate.ts';
import { hold } from '../../lambdas/functions/deliver/messages.ts';

/** SQS moves a message to the dead letters, without a reason, after so many receives. */
const mostReceives = 1_000;

it.each([
  { why: 'rate', seconds: 1, reason: 'the rate is limited' },
  { why: 'breaker', seconds: 900, reason: 'the breaker is open' },
] as const)(
  'a message that only waits ends with a reason before SQS ends it: $reason',
  async ({ why, seconds, reason }) => {
    let now = 0;
    let given: string | undefined;
    let receives = 0;
    while (given === undefined && receives < mostReceives) {
      receives += 1;
      const attributes = {
        SentTimestamp: '0',
        ApproximateFirstReceiveTimestamp: '0',
        ApproximateReceiveCount: `${receives}`,
      };
      const message = { messageId: 'm', body: '{}', receiptHandle: 'r', attributes } as unknown as SQSRecord;
      await hold(message, { count: 0, seconds, why } as Admitted, {
        putOff: async (_, wait) => {
          now += wait * 1_000;
        },
        giveUp: async (_, { reason: said }) => {
          given = said;
        },
        now: () => now,
        chance: () => 0,
        warn: () => {},
      });
    }
    expect(given).toBe(reason);
  },
);
