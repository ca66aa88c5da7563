import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { malformedBodies } from '../../fixtures/malformed.ts';
import { eventually } from '../observed/eventually.ts';
import { quarantined, rawEvents } from '../observed/lake.ts';
import { profileOf } from '../observed/profiles.ts';
import { basic, json, post, send } from '../observed/requests.ts';
import { platform, unique } from '../platform/deployment.ts';

const big = 'x'.repeat(33 * 1024);
const good = (userId: string) => ({ type: 'track', userId, event: 'Looked' });

it.each([
  { name: 'not JSON', path: '/v1/track', body: '{"userId":', status: 400, answer: { code: 'invalid_request' } },
  {
    name: 'no event name',
    path: '/v1/track',
    body: { userId: 'u' },
    status: 400,
    answer: { code: 'invalid_event', rejected: [{ index: 0, field: 'event' }] },
  },
  {
    name: 'nobody named, second of a batch',
    path: '/v1/batch',
    body: { batch: [{ type: 'page', userId: {} }, { type: 'page' }] },
    status: 400,
    answer: { rejected: [{ index: 0 }, { index: 1, field: 'userId' }] },
  },
  {
    name: 'an event over 32 KB',
    path: '/v1/track',
    body: { ...good('u'), properties: { big } },
    status: 413,
    answer: { code: 'too_large', rejected: [{ index: 0 }] },
  },
  {
    name: 'a batch over 500 KB',
    path: '/v1/batch',
    body: { batch: Array(20).fill({ ...good('u'), properties: { big } }) },
    status: 413,
    answer: { code: 'too_large' },
  },
])('$name: $status, with a code and a message', async ({ path, body, status, answer }) => {
  const refused = await post(path, body);
  expect(refused.status).toBe(status);
  expect(json(refused)).toMatchObject({
    success: false,
    code: expect.any(String),
    message: expect.stringMatching(/\w/),
    ...answer,
  });
});

it('takes the good events of a batch, and reports the bad ones and keeps them in quarantine with the reason', async () => {
  const [first, second, bad] = [unique('beside-bad-1'), unique('beside-bad-2'), unique('bad')];
  const answer = await post('/v1/batch', {
    batch: [good(first), { type: 'track', userId: bad }, { ...good(bad), properties: 'none' }, good(second)],
  });
  expect(answer.status).toBe(200);
  const rejected = [
    { index: 1, field: 'event', reason: expect.stringMatching(/\w/) },
    { index: 2, field: 'properties', reason: expect.stringMatching(/\w/) },
  ];
  expect(json(answer)).toEqual({ success: true, accepted: 2, rejected });
  await eventually(async () => {
    const kept = (await quarantined()).filter(({ event }) => String(event).includes(bad));
    expect(kept).toMatchObject(
      rejected.map((rejection) => ({
        ...rejection,
        sourceId: 'shop-backend',
        receivedAt: expect.stringMatching(/Z$/),
      })),
    );
  });
  for (const userId of [first, second])
    await eventually(async () => expect(await profileOf(`user_id:${userId}`)).toMatchObject({ eventCount: 1 }));
  expect((await rawEvents()).filter(({ userId }) => userId === bad)).toEqual([]);
});

it('takes an event whose time nobody can read, at the time of its receipt, and warns', async () => {
  const userId = unique('yesterday');
  const answer = await post('/v1/track', { ...good(userId), timestamp: 'yesterday' });
  expect(json(answer)).toMatchObject({
    success: true,
    warnings: [{ field: 'timestamp', reason: expect.stringMatching(/\w/) }],
  });
  await eventually(async () => {
    const [event] = (await rawEvents()).filter((line) => line.userId === userId);
    expect(event).toMatchObject({ originalTimestamp: 'yesterday', timestamp: event?.receivedAt });
  });
});

it("corrects a client's clock by when it says it sent the event", async () => {
  const userId = unique('skewed');
  const [anHour, fiveMinutes] = [3_600_000, 300_000];
  const clientNow = Date.now() - anHour;
  const at = new Date(clientNow - fiveMinutes).toISOString();
  await post('/v1/batch', { batch: [{ ...good(userId), timestamp: at }], sentAt: new Date(clientNow).toISOString() });
  await eventually(async () => {
    const [event] = (await rawEvents()).filter((line) => line.userId === userId);
    expect(event?.originalTimestamp).toBe(at);
    expect(Date.parse(String(event?.timestamp)) - (Date.now() - fiveMinutes)).toBeGreaterThan(-60_000);
  });
});

it('gives no 5xx for malformed bodies, but asks for damaged gzip again, and loses no good event hidden among them', async () => {
  const seed = randomInt(2 ** 31);
  const bodies = malformedBodies(seed, 100);
  const wanted = new Set(bodies.flatMap(({ good: ids }) => ids));
  for (const { name, path, headers, body } of bodies) {
    const { status } = await send(path, {
      method: 'POST',
      headers: { ...headers, authorization: basic(platform.writeKey) },
      body: new Uint8Array(body),
    });
    const isGzip = body[0] === 0x1f || body[1] === 0x8b;
    if (!isGzip || status !== 503) expect(status, `${name}, seed ${seed}`).toBeLessThan(500);
  }
  await eventually(async () => {
    const arrived = new Set((await rawEvents()).map(({ messageId }) => String(messageId)));
    expect(
      [...wanted].filter((id) => !arrived.has(id)),
      `seed ${seed}`,
    ).toEqual([]);
  });
});
