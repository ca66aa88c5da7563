import { expect, it } from 'vitest';
import { collectInMemory, post, receivedAt } from '../../fixtures/in-memory/collect.ts';

const good = { type: 'track', event: 'E', userId: 'u' };
const reason = 'is no time that can be read, such as 2026-01-31T12:00:00.000Z; the time of receipt counts';

it.each(['soon', '2026-02-30T00:00:00Z', 7, true, { $date: 1 }, ['2026-01-31'], ' ', 'x'.repeat(5000)])(
  'a time that is %j costs no event, and is told and counted',
  async (timestamp) => {
    const collect = collectInMemory();
    expect(await collect.request(post('/v1/track', { ...good, timestamp }))).toMatchObject({
      status: 200,
      body: { success: true, warnings: [{ index: 0, field: 'timestamp', reason }] },
    });
    const given = typeof timestamp === 'string' ? timestamp : JSON.stringify(timestamp);
    expect(collect.events()).toMatchObject([{ timestamp: receivedAt, originalTimestamp: given }]);
    expect(collect.counts).toMatchObject([{ accepted: 1, untimed: 1 }]);
  },
);

it('a batch tells which times could not be read, beside what was refused', async () => {
  const collect = collectInMemory();
  const batch = [
    good,
    { ...good, timestamp: 'soon' },
    {},
    { ...good, originalTimestamp: 'later', sentAt: 'x' },
    { ...good, timestamp: 'soon', originalTimestamp: '2026-11-23T11:00:00Z' },
    { ...good, timestamp: '2015-2-02T00:30:08.276Z' },
  ];
  const { body } = await collect.request(post('/v1/batch', { batch, sentAt: 'never' }));
  expect(body).toMatchObject({ success: true, accepted: 5, rejected: [{ index: 2 }] });
  expect(body.warnings).toEqual([
    { index: 1, field: 'timestamp', reason },
    { index: 3, field: 'originalTimestamp', reason },
    { index: 4, field: 'timestamp', reason: reason.replace('the time of receipt', 'originalTimestamp') },
  ]);
  expect(collect.events().at(-1)).toMatchObject({
    timestamp: '2015-02-02T00:30:08.276Z',
    originalTimestamp: '2015-2-02T00:30:08.276Z',
  });
});

it('corrects by a sentAt in any form, and keeps it in the one that the lake reads', async () => {
  const collect = collectInMemory();
  await collect.request(
    post('/v1/batch', { batch: [{ ...good, timestamp: 1_795_431_600 }], sentAt: 'Mon, 23 Nov 2026 11:30:00 GMT' }),
  );
  expect(collect.events()).toMatchObject([
    { timestamp: '2026-11-23T11:30:00.000Z', originalTimestamp: '1795431600', sentAt: '2026-11-23T11:30:00.000Z' },
  ]);
});
