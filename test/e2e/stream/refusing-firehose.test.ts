import { expect, it } from 'vitest';
import { attemptsAbout, news } from '../observed/deliveries.ts';
import { eventually } from '../observed/eventually.ts';
import { identityLog, quarantined } from '../observed/lake.ts';
import { profileOf } from '../observed/profiles.ts';
import { post } from '../observed/requests.ts';
import { unique } from '../platform/deployment.ts';
import { findFunction } from '../platform/functions.ts';
import { withoutGrant } from '../platform/roles.ts';

it('a Firehose that refuses holds up no good event, and what is refused is in quarantine all the same', async () => {
  const [good, bad] = [unique('beside-refused'), unique('refused')];
  const batch = [
    { type: 'track', userId: good, event: 'Looked' },
    { type: 'track', userId: bad },
  ];
  const collect = await findFunction('collect');
  const { status } = await withoutGrant(collect, 'firehose:PutRecordBatch', () => post('/v1/batch', { batch }));
  expect(status).toBe(200);
  const kept = (await quarantined()).filter(({ event }) => String(event).includes(bad));
  expect(kept).toMatchObject([
    { index: 1, field: 'event', reason: expect.stringMatching(/\w/), sourceId: 'shop-backend' },
  ]);
  await eventually(async () => expect(await profileOf(`user_id:${good}`)).toMatchObject({ eventCount: 1 }));
});

it('a Firehose that refuses holds up no announcement, and the identity log has every line', async () => {
  const userId = unique('announced');
  const publish = await findFunction('publish');
  await withoutGrant(publish, 'firehose:PutRecordBatch', async () => {
    await post('/v1/identify', { userId, traits: { email: `${userId}@example.com`, newsletter: true } });
    await eventually(async () => expect(news(await attemptsAbout(userId))).toEqual(['newsletter entered']));
    await eventually(async () => {
      const lines = (await identityLog()).filter(
        ({ kind, identifier }) => kind === 'link' && String(identifier).includes(userId),
      );
      expect(lines.map(({ identifier }) => identifier).sort()).toEqual([
        `email:${userId}@example.com`,
        `user_id:${userId}`,
      ]);
    });
  });
});
