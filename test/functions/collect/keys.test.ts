import { describe, expect, it } from 'vitest';
import { collectInMemory, post, serverKey } from '../../fixtures/in-memory/collect.ts';

const good = { type: 'track', event: 'Order Completed', userId: 'u1' };

describe('an empty write key', () => {
  const empty = { authorization: `Basic ${Buffer.from(':').toString('base64')}` };
  it.each([
    { name: 'in the query before another', query: `writeKey=&writeKey=${serverKey}`, status: 200 },
    { name: 'in the body', body: { writeKey: '' }, query: `writeKey=${serverKey}`, status: 200 },
    { name: 'in the header, with one in the query', headers: empty, query: `writeKey=${serverKey}`, status: 200 },
    { name: 'in the header, with one in the body', headers: empty, body: { writeKey: serverKey }, status: 200 },
    {
      name: 'in the header, with an unknown one in the body',
      headers: empty,
      body: { writeKey: 'nobody' },
      query: `writeKey=${serverKey}`,
      status: 401,
    },
    { name: 'everywhere', headers: empty, body: { writeKey: '' }, query: 'writeKey=', status: 401 },
  ])('$name is none: $status', async ({ headers = {}, body = {}, query = '', status }) => {
    const collect = collectInMemory();
    const answer = await collect.request({ ...post('/v1/track', { ...good, ...body }, headers), query });
    expect(answer).toMatchObject({
      status,
      ...(query === 'writeKey=' && { body: { message: 'the write key is empty' } }),
    });
    expect(collect.events()).toHaveLength(status === 200 ? 1 : 0);
  });
});
