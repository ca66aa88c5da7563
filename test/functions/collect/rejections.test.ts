import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../lambdas/core/events/event.ts';
import { collectInMemory, post } from '../../fixtures/in-memory/collect.ts';

const good = { type: 'track', event: 'Order Completed', userId: 'u1' };
const huge = { ...good, properties: { text: 'x'.repeat(limits.eventBytes) } };
const ofBytes = (bytes: number): object => ({
  ...good,
  properties: { text: 'x'.repeat(bytes - JSON.stringify({ ...good, properties: { text: '' } }).length) },
});

describe('a single call', () => {
  it.each([
    {
      name: 'no id',
      call: { event: 'x' },
      status: 400,
      field: 'userId',
      reason: /^is missing, and so is anonymousId: .*; got neither$/,
    },
    {
      name: 'an empty id',
      call: { event: 'x', userId: '' },
      status: 400,
      field: 'userId',
      reason: /^is missing, and so is anonymousId/,
    },
    {
      name: 'an id that is an object',
      call: { event: 'x', userId: {} },
      status: 400,
      field: 'userId',
      reason: /^must be a text or a number .*; got an object$/,
    },
    {
      name: 'an id over 500 characters',
      call: { event: 'x', userId: 'u'.repeat(501) },
      status: 400,
      field: 'userId',
      reason: /500/,
    },
    {
      name: 'an id cut inside an emoji',
      call: '{"event":"x","userId":"\\ud83d"}',
      status: 400,
      field: 'userId',
      reason: /Unicode/,
    },
    {
      name: 'no event name',
      call: { userId: 'u' },
      status: 400,
      field: 'event',
      reason: /got nothing; a track call requires it/,
    },
    {
      name: 'an event name that is a number',
      call: { userId: 'u', event: 1 },
      status: 400,
      field: 'event',
      reason: /^must be a text .*; got a number/,
    },
    {
      name: 'a messageId over 100 characters',
      call: { ...good, messageId: 'm'.repeat(101) },
      status: 400,
      field: 'messageId',
      reason: /100/,
    },
    {
      name: 'properties that are a list',
      call: { ...good, properties: [1] },
      status: 400,
      field: 'properties',
      reason: /object/,
    },
    {
      name: 'a number past all bounds',
      call: '{"event":"x","userId":"u","properties":{"a":[1,1e99999]}}',
      status: 400,
      field: 'properties.a[1]',
      reason: /exponent of more than four digits/,
    },
    {
      name: 'a hostile name',
      call: '{"event":"x","userId":"u","context":{"__proto__":{"a":1}}}',
      status: 400,
      field: 'context.__proto__',
      reason: /not allowed/,
    },
    { name: 'more than 32 KB', call: huge, status: 413, field: '', reason: /32 KB/ },
  ])('with $name: $status naming the field', async ({ call, status, field, reason }) => {
    const collect = collectInMemory();
    const answer = await collect.request(post('/v1/track', call));
    expect(answer).toMatchObject({
      status,
      body: { code: expect.any(String), rejected: [{ index: 0, field, reason: expect.stringMatching(reason) }] },
    });
    expect(answer.body.message).toContain(`event 0: ${field || 'it'} `);
    expect(collect.writes).toEqual(['quarantine']);
    expect(collect.quarantined()).toMatchObject([
      { index: 0, field, reason: answer.body.rejected[0].reason, sourceId: 'backend' },
    ]);
  });

  it.each([
    { bytes: limits.eventBytes, status: 200 },
    { bytes: limits.eventBytes + 1, status: 413 },
  ])('of $bytes bytes: $status', async ({ bytes, status }) => {
    expect(await collectInMemory().request(post('/v1/track', ofBytes(bytes)))).toMatchObject({ status });
  });
});

describe('a batch', () => {
  it('accepts the good, quarantines the bad, and says which and why', async () => {
    const collect = collectInMemory();
    const answer = await collect.request(
      post('/v1/batch', {
        batch: [{ ...good, messageId: 'm1' }, { type: 'group', userId: 'u' }, 7, { ...good, messageId: 'm2' }, huge],
      }),
    );
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({
      success: true,
      accepted: 2,
      rejected: [
        { index: 1, field: 'groupId', reason: 'is required for a group call: a text or a number; got nothing' },
        { index: 2, field: '', reason: 'must be a JSON object; got a number' },
        { index: 4, field: '', reason: expect.stringMatching(/^is larger than 32 KB; got \d+ bytes$/) },
      ],
    });
    expect(collect.events().map(({ messageId }) => messageId)).toEqual(['m1', 'm2']);
    expect(collect.quarantined()).toMatchObject([
      { index: 1, field: 'groupId', sourceId: 'backend', event: '{"type":"group","userId":"u"}' },
      { index: 2, event: '7' },
      { index: 4, truncated: false, event: JSON.stringify(huge) },
    ]);
  });

  it.each([
    { name: 'bad events only', body: { batch: [{}, huge] }, status: 400 },
    { name: 'oversize events only', body: { batch: [huge, huge] }, status: 413 },
    { name: 'no event', body: { batch: [] }, status: 400 },
    { name: 'a batch that is not a list', body: { batch: good }, status: 400 },
    { name: 'no batch', body: good, status: 400 },
    { name: 'a list instead of an object', body: [good], status: 400 },
    { name: '2500 events', body: { batch: Array(2500).fill(good) }, status: 200 },
    { name: '2501 events', body: { batch: Array(2501).fill(good) }, status: 413 },
    { name: 'a context that is text', body: { batch: [good], context: 'web' }, status: 200 },
    {
      name: 'a context that multiplies',
      body: { batch: Array(2000).fill(good), context: { text: 'x'.repeat(20_000) } },
      status: 413,
    },
    { name: '500 KB', body: `{"batch":[${JSON.stringify(good)}]}`.padEnd(limits.batchBytes), status: 200 },
    {
      name: 'more than 500 KB',
      body: `{"batch":[${JSON.stringify(good)}]}`.padEnd(limits.batchBytes + 1),
      status: 413,
    },
    { name: 'a zip bomb', body: gzipSync(Buffer.alloc(200 * 1024 * 1024, ' ')), status: 413 },
    { name: 'an empty body', body: '', status: 400 },
    { name: 'half a body', body: JSON.stringify({ batch: [good] }).slice(0, 20), status: 400 },
    { name: 'nesting that ends parsers', body: '['.repeat(250_000) + ']'.repeat(250_000), status: 400 },
  ])('with $name: $status', async ({ body, status }) => {
    const collect = collectInMemory();
    const answer = await collect.request(post('/v1/batch', body));
    expect(answer.status).toBe(status);
    if (status !== 200)
      expect(answer.body).toMatchObject({ success: false, code: expect.any(String), message: expect.any(String) });
    if (status !== 200) expect(collect.writes).toEqual(['quarantine']);
  });

  it('loses only the event whose bytes are not UTF-8', async () => {
    const collect = collectInMemory();
    const body = Buffer.from(
      JSON.stringify({ batch: [good, { ...good, userId: 'jos\u00e9' }, { ...good, userId: 'u2' }] }),
      'latin1',
    );
    expect(await collect.request(post('/v1/batch', body))).toMatchObject({
      body: { accepted: 2, rejected: [{ index: 1, reason: 'holds bytes that are not UTF-8' }] },
    });
    expect(collect.events().map(({ userId }) => userId)).toEqual(['u1', 'u2']);
  });

  it('keeps an event that nests beyond all measure in quarantine, cut', async () => {
    const collect = collectInMemory();
    const deep = `{"type":"page","userId":"u","properties":{"a":${'['.repeat(8000)}${']'.repeat(8000)}}}`;
    expect(await collect.request(post('/v1/batch', `{"batch":[${deep},${JSON.stringify(good)}]}`))).toMatchObject({
      status: 200,
      body: { accepted: 1 },
    });
    expect(collect.quarantined()).toMatchObject([{ truncated: true, reason: expect.stringContaining('levels deep') }]);
  });
});
