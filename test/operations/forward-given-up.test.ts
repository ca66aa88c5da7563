import { describe, expect, it } from 'vitest';
import { askedBarriers } from '../../lambdas/adapters/barriers/none.ts';
import { readParcel } from '../../lambdas/core/destinations/forwarding/parcel.ts';
import { readGivenUp } from '../../lambdas/core/operations/given-up.ts';
import { createHandler } from '../../lambdas/functions/forward/handler.ts';
import { sendEvents } from '../../lambdas/operations/send-given-up.ts';
import { kinesisEvent } from '../fakes/kinesis.ts';
import { configOf, eventOf } from '../fixtures/events.ts';

/** What Lambda stores when a function gives up a batch of the event stream. */
const stored = (fn: string, lines: readonly string[]): string =>
  JSON.stringify({
    requestContext: {
      condition: 'RetryAttemptsExhausted',
      functionArn: `arn:aws:lambda:us-east-1:111122223333:function:${fn}`,
    },
    KinesisBatchInfo: { streamArn: 'arn' },
    payload: JSON.stringify(kinesisEvent([lines.map((line) => `${line}\n`).join('')])),
  });

/** What a redrive of an object puts on the stream, and what forward makes of that. */
async function redriven(object: string) {
  const batch = readGivenUp(object);
  if (batch.from !== 'stitch') throw new Error('it is no batch of the event stream');
  const records: string[] = [];
  const send = async (some: readonly { text: string }[]) => {
    records.push(...some.map(({ text }) => text));
    return { ok: true as const };
  };
  await sendEvents({ send, rest: async () => {} })(batch, 'key');
  const forwarded: unknown[] = [];
  const { destinations } = configOf({ destinations: [{ id: 'all', kind: 'webhook', events: {} }] });
  const forward = createHandler({
    destinations,
    put: async (_, parcels) => {
      forwarded.push(...parcels.flatMap((body) => readParcel(body)?.events ?? []));
      return { ok: true };
    },
    putAside: async () => ({ ok: true }),
    count: () => {},
    personOf: () => undefined,
    ...askedBarriers(),
    now: Date.now,
    warn: () => {},
  });
  await forward(kinesisEvent(records));
  return { records, forwarded };
}

describe('a redrive of a batch of the event stream', () => {
  const line = JSON.stringify(eventOf({ messageId: 'a', userId: 'ann' }));

  it('forwards what forward gave up, as an event that no profile applies again', async () => {
    const { records, forwarded } = await redriven(stored('Cdp-PlatformForwardingForwar-x1', [line]));
    expect(records).toEqual([`{"replayed":"forward",${line.slice(1)}\n`]);
    expect(forwarded).toMatchObject([{ messageId: 'a' }]);
  });

  it('forwards nothing that stitch gave up, because destinations had it', async () => {
    const { records, forwarded } = await redriven(stored('Cdp-PlatformStitchingStitch-x1', [line]));
    expect(records).toEqual([`{"replayed":"raw",${line.slice(1)}\n`]);
    expect(forwarded).toEqual([]);
  });
});
