import { gunzipSync } from 'node:zlib';
import type { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lakeObjects } from '../../../lambdas/adapters/lake/objects.ts';
import { deliveryStream } from '../../../lambdas/adapters/streams/delivery-stream.ts';
import { retryPolicy } from '../../../lambdas/adapters/streams/retry-failed-entries.ts';

/** What a call to Firehose comes to: it throws, having taken nothing or all, or refuses the records at some places. */
type Answer = 'down' | 'unheard' | readonly boolean[];

const answer = fc.oneof(
  fc.constantFrom<Answer>('down', 'unheard'),
  fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
);

class ServiceUnavailableException extends Error {
  override readonly name = 'ServiceUnavailableException';
}

/**
 * Puts records by way of a Firehose that answers so, call by call, and after that refuses all; `lake` says whether S3
 * takes objects.
 */
async function put(count: number, answers: readonly Answer[], lake: boolean) {
  const [firehose, objects]: [string[], { key: string | undefined; text: string }[]] = [[], []];
  const left = [...answers];
  const send = async ({ input: { Records = [] } }: PutRecordBatchCommand) => {
    const reply = left.shift() ?? [];
    if (reply === 'down') throw new ServiceUnavailableException();
    const taken = Records.filter((_, n) => reply === 'unheard' || reply[n] === true).map(({ Data }) =>
      Buffer.from(Data ?? '').toString(),
    );
    firehose.push(...taken);
    if (reply === 'unheard') throw new ServiceUnavailableException();
    return {
      RequestResponses: Records.map((_, n) =>
        reply[n] === true ? { RecordId: 'taken' } : { ErrorCode: 'ServiceUnavailableException' },
      ),
    };
  };
  const putObject = async ({ input: { Bucket, Key, Body } }: PutObjectCommand) => {
    if (!lake) throw Object.assign(new Error(), { name: 'SlowDown' });
    objects.push({ key: `${Bucket}/${Key}`, text: gunzipSync(Body as Buffer).toString() });
  };
  const place = {
    bucket: 'lake',
    prefix: 'quarantine/',
    now: () => Date.parse('2026-05-01T13:59:59Z'),
    newId: () => 'an-id',
  };
  const policy = { ...retryPolicy, attempts: 3, sleep: async () => {} };
  const lines = deliveryStream(
    { send } as unknown as FirehoseClient,
    'q',
    policy,
    lakeObjects({ send: putObject } as unknown as S3Client, place),
  );
  const sent = Array.from({ length: count }, (_, n) => `{"line":${n}}\n`);
  return { sent, firehose, objects, outcome: await lines(sent.map((text) => ({ text }))) };
}

describe('lines that go to the lake', () => {
  it('are in Firehose or in the lake, whatever Firehose takes, and twice only where its answer was lost', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(20), fc.array(answer, { maxLength: 12 }), async (count, answers) => {
        const { sent, firehose, objects, outcome } = await put(count, answers, true);
        expect(outcome).toEqual({ ok: true });
        const all = [...firehose, ...objects.flatMap(({ text }) => text.match(/.*\n/g) ?? [])];
        expect(new Set(all)).toEqual(new Set(sent));
        if (!answers.includes('unheard')) expect(all).toHaveLength(sent.length);
      }),
    ));

  it('are not said to be safe where neither took them', () =>
    fc.assert(
      fc.asyncProperty(fc.nat(20), fc.array(answer, { maxLength: 12 }), async (count, answers) => {
        const { sent, firehose, outcome } = await put(count, answers, false);
        const error = 'ServiceUnavailableException, and instead of it SlowDown';
        expect(outcome).toEqual(outcome.ok ? { ok: true } : { ok: false, reason: 'throttled', error });
        if (outcome.ok) expect(new Set(firehose)).toEqual(new Set(sent));
      }),
    ));

  it('lie in one object beside those of Firehose, in the hour in which they came, when it takes none', async () => {
    const { sent, objects } = await put(9, [], true);
    expect(objects).toEqual([{ key: 'lake/quarantine/2026/05/01/13/direct-an-id.gz', text: sent.join('') }]);
  });
});
