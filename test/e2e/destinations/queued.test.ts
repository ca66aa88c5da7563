import { describe, expect, it } from 'vitest';
import { eventually } from '../observed/eventually.ts';
import { profileOf } from '../observed/profiles.ts';
import { heardBy } from '../observed/received.ts';
import { untilStitched } from '../observed/stream-order.ts';
import { unique } from '../platform/deployment.ts';
import { whilePaused } from './delivering.ts';
import { inQueue, send } from './people.ts';

const waits = (id: 'consenting' | 'leaving', count: number) =>
  eventually(async () => expect(await inQueue(id)).toBe(count));
const isEmpty = (id: 'consenting' | 'leaving') => waits(id, 0);

describe('between queueing and delivery', () => {
  it('consent is withdrawn: nothing is sent', async () => {
    const [withdrawn, kept] = [unique('withdraws-consent'), unique('keeps-consent')];
    await whilePaused('consenting', async () => {
      await send(withdrawn, 'consenting');
      await send(kept, 'consenting');
      await waits('consenting', 2);
      await send(withdrawn, 'consenting', false);
      await untilStitched('after-the-withdrawal');
      expect(await profileOf(`user_id:${withdrawn}`)).toMatchObject({ segments: ['to_consenting'] });
    });
    await eventually(async () => expect(await heardBy('consenting', kept)).toHaveLength(1));
    await isEmpty('consenting');
    expect(await heardBy('consenting', withdrawn)).toEqual([]);
  });

  it('consent is withdrawn after the person was told of: they are taken out', async () => {
    const userId = unique('withdraws-later');
    await send(userId, 'consenting');
    await eventually(async () => expect(await heardBy('consenting', userId)).toHaveLength(1));
    await whilePaused('consenting', async () => {
      // One after the other: of events that are stitched together, only what they come to is news.
      await send(userId, 'nobody');
      await waits('consenting', 1);
      await send(userId, 'consenting');
      await waits('consenting', 2);
      await send(userId, 'consenting', false);
      await untilStitched('after-the-later-withdrawal');
    });
    await isEmpty('consenting');
    const events = (await heardBy('consenting', userId)).map(({ told }) => told.event);
    expect(events).toEqual(['Audience Entered', 'Audience Exited']);
  });

  it('the membership is lost: never that somebody entered who has left', async () => {
    const userId = unique('leaves-in-the-queue');
    await whilePaused('leaving', async () => {
      await send(userId, 'leaving');
      await waits('leaving', 1);
      await send(userId, 'nobody');
      await waits('leaving', 2);
    });
    await isEmpty('leaving');
    const heard = await heardBy('leaving', userId);
    expect(new Set(heard.map(({ told }) => told.event))).toEqual(new Set(['Audience Exited']));
  });
});
