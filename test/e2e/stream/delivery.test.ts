import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attemptsAbout, failFor, news } from '../observed/deliveries.ts';
import { eventually } from '../observed/eventually.ts';
import { profileOf } from '../observed/profiles.ts';
import { boundTries, type DeliveryQueue, deadLetters, deliveryQueue, redrive } from '../observed/queues.ts';
import { post } from '../observed/requests.ts';
import { untilStitched } from '../observed/stream-order.ts';
import { unique } from '../platform/deployment.ts';

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const reads = (userId: string, newsletter: boolean, timestamp = minutesAgo(1)) => ({
  type: 'identify',
  messageId: randomUUID(),
  userId,
  timestamp,
  traits: { email: `${userId}@example.com`, newsletter },
});
const send = (...batch: object[]) => post('/v1/batch', { batch });
const answers = async (userId: string) => (await attemptsAbout(userId)).map(({ answered }) => answered);
const tellsOf = (userId: string, expected: readonly string[]) =>
  eventually(async () => expect(news(await attemptsAbout(userId))).toEqual(expected));

const tries = 4;

describe.concurrent('a destination that does not answer 200', () => {
  let queue: DeliveryQueue;
  beforeAll(async () => {
    queue = await deliveryQueue();
    // Hours in the template; a test need not wait for them.
    await boundTries(queue, tries);
  });
  afterAll(() => boundTries(queue, queue.redrivePolicy.maxReceiveCount));

  it('is told the same again until it does, after a pause each time', async () => {
    const userId = unique('down-for-a-while');
    await failFor(userId, tries - 1);
    await send(reads(userId, true));
    await eventually(async () => expect(await answers(userId)).toEqual([...Array(tries - 1).fill(500), 200]), {
      within: 60_000,
    });
    const attempts = await attemptsAbout(userId);
    expect(new Set(attempts.map(({ body }) => body.messageId)).size).toBe(1);
    const times = attempts.map(({ at }) => Date.parse(at));
    const waits = times.slice(1).map((time, n) => time - (times[n] ?? 0));
    // By chance a wait may be a second only; the growth of the waits has a clock of its own in the failure matrix.
    for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(900);
    await tellsOf(userId, ['newsletter entered']);
  });

  it('leaves a dead letter that holds everything, holds up nobody else, and is told by a redrive', async () => {
    const [userId, other] = [unique('fails-always'), unique('beside-a-failure')];
    await failFor(userId, 1000);
    await send(reads(userId, true), reads(other, true));
    await tellsOf(other, ['newsletter entered']);
    const { profileId } = await profileOf(`user_id:${userId}`);
    const letter = {
      source: 'cdp.segments',
      'detail-type': 'Segment Membership Changed',
      detail: { profileId, segment: 'newsletter', change: 'entered' },
    };
    await eventually(async () => expect(await deadLetters()).toMatchObject([letter]), { within: 60_000 });
    expect(await answers(userId)).toEqual(Array(tries).fill(500));

    await failFor(userId, 0);
    await redrive(queue);
    await tellsOf(userId, ['newsletter entered']);
    await eventually(async () => expect(await deadLetters()).toEqual([]));
  });
});

describe.concurrent('what a destination is told', () => {
  it('is that somebody entered, and that they left', async () => {
    const userId = unique('leaves');
    await send(reads(userId, true, minutesAgo(3)));
    await tellsOf(userId, ['newsletter entered']);
    await send(reads(userId, false, minutesAgo(1)));
    await tellsOf(userId, ['newsletter entered', 'newsletter exited']);
    const last = (await attemptsAbout(userId)).at(-1);
    expect(last?.body).toMatchObject({
      event: 'Audience Exited',
      userId,
      properties: { audience_key: 'newsletter', newsletter: false },
    });
    expect(await profileOf(`user_id:${userId}`)).toMatchObject({ segments: [], eventCount: 2 });
  });

  it('is said once of a message that comes twice in a request and again in another', async () => {
    const userId = unique('repeats');
    const message = reads(userId, true);
    await send(message, message);
    await tellsOf(userId, ['newsletter entered']);
    const before = await profileOf(`user_id:${userId}`);
    await send(message);
    await untilStitched('after-the-repeated-message');
    expect(await profileOf(`user_id:${userId}`)).toEqual(before);
    expect([before.eventCount, await answers(userId)]).toEqual([1, [200]]);
  });

  it('is not changed by a message that comes late', async () => {
    const userId = unique('late');
    await send(reads(userId, true, minutesAgo(1)));
    await tellsOf(userId, ['newsletter entered']);
    await send(reads(userId, false, minutesAgo(5)));
    await eventually(async () =>
      expect(await profileOf(`user_id:${userId}`)).toMatchObject({ eventCount: 2, segments: ['newsletter'] }),
    );
    expect(news(await attemptsAbout(userId))).toEqual(['newsletter entered']);
  });
});
