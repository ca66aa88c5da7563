import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { eventStream, eventStreamOfMany } from '../../../lambdas/adapters/streams/event-stream.ts';
import { retryPolicy } from '../../../lambdas/adapters/streams/retry-failed-entries.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const kinesis = mockClient(KinesisClient);
beforeEach(() => kinesis.reset());

const record = (name: string) => ({ text: `${name}\n`, person: name });
const stored = { SequenceNumber: '1', ShardId: 'shardId-000000000000' };
const refused = (ErrorCode = 'ProvisionedThroughputExceededException') => ({ ErrorCode, ErrorMessage: 'slow down' });

function stream(random = () => 1) {
  const slept: number[] = [];
  const policy = { ...retryPolicy, random, sleep: async (milliseconds: number) => void slept.push(milliseconds) };
  return { slept, send: eventStream(new KinesisClient({ region: 'eu-west-1' }), 'events', policy) };
}
const sentTexts = (): string[][] =>
  kinesis
    .commandCalls(PutRecordsCommand)
    .map(({ args: [{ input }] }) => (input.Records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString()));

describe('putting records', () => {
  it('sends all in one call, each to the shard of its source and person, naming neither', async () => {
    kinesis.on(PutRecordsCommand).resolves({ Records: [stored, stored, stored] });
    expect(await stream().send('web', [record('jane@example.com'), record('b'), record('b')])).toEqual({ ok: true });
    const { StreamName, Records = [] } = kinesis.commandCalls(PutRecordsCommand)[0]?.args[0].input ?? {};
    const keys = Records.map(({ PartitionKey }) => PartitionKey);
    expect(StreamName).toBe('events');
    expect(keys).toEqual(keys.map(() => expect.stringMatching(/^[0-9a-f]{32}$/)));
    expect([keys[0] === keys[1], keys[1] === keys[2]]).toEqual([false, true]);
  });

  it('sends only what was refused again', async () => {
    kinesis
      .on(PutRecordsCommand)
      .resolvesOnce({ Records: [stored, refused(), stored, refused('InternalFailure')] })
      .resolvesOnce({ Records: [refused(), stored] })
      .resolves({ Records: [stored] });
    expect(await stream().send('web', ['a', 'b', 'c', 'd'].map(record))).toEqual({ ok: true });
    expect(sentTexts()).toEqual([['a\n', 'b\n', 'c\n', 'd\n'], ['b\n', 'd\n'], ['b\n']]);
  });

  it('waits with exponential backoff and full jitter, and gives up in the end', async () => {
    kinesis.on(PutRecordsCommand).resolves({ Records: [refused()] });
    const { send, slept } = stream(() => 0.5);
    expect(await send('web', [record('a')])).toEqual({
      ok: false,
      reason: 'throttled',
      error: 'ProvisionedThroughputExceededException',
    });
    expect(slept).toEqual([50, 100, 200, 400]);
    expect(sentTexts()).toHaveLength(5);
  });

  it.each([
    {
      name: 'throttled entries',
      answer: { Records: [refused(), refused('LimitExceededException')] },
      reason: 'throttled',
    },
    {
      name: 'a broken entry among throttled ones',
      answer: { Records: [refused(), refused('InternalFailure')] },
      reason: 'failed',
    },
    { name: 'an answer that says too little', answer: { Records: [] }, reason: 'failed' },
  ])('tells $name as $reason', async ({ answer, reason }) => {
    kinesis.on(PutRecordsCommand).resolves(answer);
    expect(await stream().send('web', [record('a'), record('b')])).toMatchObject({ ok: false, reason });
  });

  it.each([
    { error: 'ProvisionedThroughputExceededException', reason: 'throttled' },
    { error: 'KMSThrottlingException', reason: 'throttled' },
    { error: 'AccessDeniedException', reason: 'failed' },
    { error: 'TimeoutError', reason: 'failed' },
  ])('does not repeat a call that threw $error, which the SDK has retried', async ({ error, reason }) => {
    kinesis.on(PutRecordsCommand).rejects(Object.assign(new Error('no'), { name: error }));
    expect(await stream().send('web', [record('a')])).toEqual({ ok: false, reason, error });
    expect(sentTexts()).toHaveLength(1);
  });

  it('does not call for nothing', async () => {
    expect(await stream().send('web', [])).toEqual({ ok: true });
    expect(sentTexts()).toEqual([]);
  });
});

it('says ok only when every record is stored, and stores none twice', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }), { minLength: 5, maxLength: 5 }),
      async (luck) => {
        kinesis.reset();
        const kept: string[] = [];
        let call = 0;
        kinesis.on(PutRecordsCommand).callsFake(({ Records }: { Records: { Data: Uint8Array }[] }) => {
          const lucky = luck[call++] ?? [];
          kept.push(...Records.filter((_, i) => lucky[i]).map(({ Data }) => Buffer.from(Data).toString()));
          return { Records: Records.map((_, i) => (lucky[i] ? stored : refused())) };
        });
        const names = Array.from({ length: 10 }, (_, i) => `event ${i}`);
        const outcome = await stream().send('web', names.map(record));
        expect(new Set(kept).size).toBe(kept.length);
        expect(outcome.ok).toBe(kept.length === names.length);
      },
    ),
  ));

describe('putting records of many sources', () => {
  const many = (count: number, bytes: number) =>
    Array.from({ length: count }, (_, n) => ({ text: 'x'.repeat(bytes), person: `p${n}`, sourceId: 'web' }));
  const client = new KinesisClient({ region: 'eu-west-1' });
  const policy = { ...retryPolicy, sleep: async () => {} };

  it.each([
    { name: 'more than 500', records: many(1_100, 10), calls: [500, 500, 100] },
    { name: 'more than 5 MiB', records: many(12, 1_000_000), calls: [4, 4, 4] },
    { name: 'none', records: [], calls: [] },
  ])('makes as many calls as $name take', async ({ records, calls }) => {
    kinesis.on(PutRecordsCommand).callsFake(({ Records }) => ({ Records: Records.map(() => stored) }));
    expect(await eventStreamOfMany(client, 'events', policy)(records)).toEqual({ ok: true });
    expect(sentTexts().map((texts) => texts.length)).toEqual(calls);
  });

  it('goes to the shards to which collect puts the same people, and ends at the first call that fails for good', async () => {
    kinesis.on(PutRecordsCommand).callsFake(({ Records }) => ({ Records: Records.map(() => stored) }));
    await stream().send('web', [record('ann')]);
    await eventStreamOfMany(client, 'events', policy)([{ ...record('ann'), sourceId: 'web' }]);
    const [one, two] = kinesis.commandCalls(PutRecordsCommand).map(({ args: [{ input }] }) => input);
    expect(two).toEqual(one);
    kinesis.reset();
    kinesis.on(PutRecordsCommand).callsFake(({ Records }) => ({ Records: Records.map(() => refused()) }));
    expect(await eventStreamOfMany(client, 'events', policy)(many(600, 10))).toMatchObject({
      ok: false,
      reason: 'throttled',
    });
    expect(sentTexts()).toHaveLength(policy.attempts);
  });
});
