import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../lambdas/core/events/event.ts';
import { basic } from '../../fakes/http-request.ts';
import { browserKey, collectInMemory, post, serverKey } from '../../fixtures/in-memory/collect.ts';

const good = { type: 'track', event: 'Order Completed', userId: 'u1' };
const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, ' '));
const inKeyedQuery = (body: string) => ({ path: '/v1/track', query: `writeKey=${serverKey}`, body });

describe('what a known source sent and was refused is in quarantine, with its reason', () => {
  it.each([
    { name: 'a single call', request: post('/v1/track', { userId: 'u1' }), kept: ['{"userId":"u1"}'] },
    {
      name: 'a batch of bad events only',
      request: post('/v1/batch', { batch: [{ type: 'page' }, 5] }),
      kept: ['{"type":"page"}', '5'],
    },
    { name: 'a body that is no JSON', request: post('/v1/track', '{"userId":'), kept: ['"{\\"userId\\":"'] },
    { name: 'the same, with its key in the query', request: inKeyedQuery('{"userId":'), kept: ['"{\\"userId\\":"'] },
    { name: 'an empty body', request: post('/v1/track', ''), kept: ['""'] },
    { name: 'a list', request: post('/v1/batch', [good]), kept: [JSON.stringify([good])] },
    {
      name: 'a batch that is no list',
      request: post('/v1/batch', { batch: good }),
      kept: [JSON.stringify({ batch: good })],
    },
    { name: 'a batch of nothing', request: post('/v1/batch', { batch: [] }), kept: ['{}'] },
    {
      name: 'what whole gzip held and is no JSON',
      request: post('/v1/batch', gzipSync('{"batch":')),
      kept: ['"{\\"batch\\":"'],
    },
    {
      name: 'a batch of too many, event by event, and what it says besides',
      request: post('/v1/batch', { batch: Array(limits.batchEvents + 1).fill(good), sentAt: '2026-01-01' }),
      kept: ['{"sentAt":"2026-01-01"}', ...Array(limits.batchEvents + 1).fill(JSON.stringify(good))],
    },
  ])('$name', async ({ request, kept }) => {
    const collect = collectInMemory();
    const { status, body } = await collect.request(request);
    expect([400, 413]).toContain(status);
    const lines = collect.quarantined();
    expect(lines.map(({ event }) => event)).toEqual(kept);
    const told =
      body.rejected === undefined
        ? kept.map(() => body.message)
        : body.rejected.map(({ reason }: { reason: string }) => reason);
    expect(lines.map(({ reason }) => reason)).toEqual(told);
    expect(lines.every(({ sourceId, truncated }) => sourceId === 'backend' && !truncated)).toBe(true);
    expect(collect.events()).toEqual([]);
  });

  const long = { ...good, text: '\u0000😀"'.repeat(150_000) };
  it.each([
    { name: 'a body that is no JSON', body: 'x😀'.repeat(limits.batchBytes), text: 'x😀'.repeat(limits.batchBytes) },
    { name: 'one event', body: JSON.stringify({ batch: [long] }), text: JSON.stringify(long) },
    { name: 'what a batch says besides', body: JSON.stringify({ batch: [], long }), text: JSON.stringify({ long }) },
  ])('whole, in parts, where it is too long for a line: $name', async ({ body, text }) => {
    const collect = collectInMemory();
    expect(await collect.request(post('/v1/batch', body))).toMatchObject({ status: 413 });
    const lines = collect.quarantined();
    expect(lines.map(({ event }) => JSON.parse(event)).join('')).toBe(text);
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.map(({ reason, truncated }) => [reason.replace(/.*batches; /, ''), truncated])).toEqual(
      lines.map((_, n) => [`got in ${lines.length} parts, this is part ${n + 1}`, false]),
    );
    for (const line of lines) expect(JSON.stringify(line).length).toBeLessThan(1_000_000);
  });

  it.each([
    { name: 'its key in the header', headers: basic(serverKey), fields: {} },
    { name: 'its key in the body', headers: {}, fields: { writeKey: serverKey } },
  ])('event by event, where a batch is too long, with $name', async ({ headers, fields }) => {
    const collect = collectInMemory();
    const batch = Array.from({ length: 40 }, (_, n) => ({ ...good, userId: `u${n}`, text: 'x'.repeat(20_000) }));
    expect(await collect.request(post('/v1/batch', { ...fields, batch, sentAt: '2026-01-01' }, headers))).toMatchObject(
      { status: 413 },
    );
    expect(collect.quarantined().map(({ event }) => JSON.parse(event))).toEqual([{ sentAt: '2026-01-01' }, ...batch]);
  });

  it('as it came where it would be too long unpacked', async () => {
    const collect = collectInMemory();
    expect(await collect.request(post('/v1/batch', bomb))).toMatchObject({ status: 413 });
    expect(collect.quarantined()).toMatchObject([{ event: JSON.stringify(bomb.toString('base64')) }]);
  });

  it('the pixel’s, too, whose sender cannot be told', async () => {
    const collect = collectInMemory();
    for (const data of [
      'nonsense',
      Buffer.from('[1]').toString('base64'),
      Buffer.from('{"event":5}').toString('base64'),
    ])
      expect(
        await collect.request({ method: 'GET', path: '/v1/pixel/track', query: `data=${data}&writeKey=${browserKey}` }),
      ).toMatchObject({
        status: 200,
      });
    expect(collect.quarantined()).toHaveLength(3);
    expect(JSON.stringify(collect.quarantined())).not.toContain(browserKey);
  });
});

describe('a refused request', () => {
  it.each([
    { name: 'in a body', request: post('/v1/track', { writeKey: serverKey, userId: 'u1' }, {}) },
    { name: 'in a body that is no JSON', request: post('/v1/track', `{"writeKey" : "${serverKey}", `) },
    { name: 'of a batch', request: post('/v1/batch', { writeKey: serverKey, batch: [{ writeKey: serverKey }] }, {}) },
    { name: 'of a batch sent as a call', request: post('/v1/track', { batch: [{ writeKey: serverKey }] }) },
    { name: 'of a batch without events', request: post('/v1/batch', { writeKey: serverKey, batch: [] }, {}) },
  ])('leaves no write key in quarantine: $name', async ({ request }) => {
    const collect = collectInMemory();
    expect(await collect.request(request)).toMatchObject({ status: 400 });
    expect(collect.quarantined()).not.toEqual([]);
    expect(JSON.stringify(collect.quarantined())).not.toContain(serverKey);
  });

  it.each(['{', { userId: 'u1' }, { batch: 5 }])(
    'is to be sent again while the quarantine is down: %j',
    async (body) => {
      const collect = collectInMemory({ quarantine: { ok: false, reason: 'failed', error: 'InternalFailure' } });
      expect(await collect.request(post('/v1/track', body))).toMatchObject({
        status: 503,
        headers: { 'retry-after': '5' },
      });
    },
  );

  it.each([
    { name: 'an unknown key', request: post('/v1/track', '{', basic('nobody')) },
    { name: 'no key', request: post('/v1/track', '{', {}) },
  ])('of $name is not kept', async ({ request }) => {
    const collect = collectInMemory();
    expect((await collect.request(request)).status).toBeGreaterThanOrEqual(400);
    expect(collect.writes).toEqual([]);
  });
});
