import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { segmentEvent } from '../../../lambdas/core/contract/signals.ts';
import { attemptsAbout, failFor, news } from '../observed/deliveries.ts';
import { eventually } from '../observed/eventually.ts';
import { identityLog } from '../observed/lake.ts';
import { profileOf, profilesWith } from '../observed/profiles.ts';
import { deliveryQueue } from '../observed/queues.ts';
import { post } from '../observed/requests.ts';
import { asOwner, unique } from '../platform/deployment.ts';
import { whileGivingUp } from '../platform/giving-up.ts';
import { deadLettersUrl, redrive } from './redrive.ts';

const sqs = new SQSClient(asOwner);

const reads = (userId: string) =>
  post('/v1/identify', { userId, traits: { email: `${userId}@example.com`, newsletter: true } });
const entered = (userId: string) =>
  eventually(async () => expect(news(await attemptsAbout(userId))).toEqual(['newsletter entered']));
const waiting = (what: string) =>
  eventually(async () => expect((await redrive()).places.get(what)?.count).toBeGreaterThan(0), { within: 60_000 });

/** Lets a function give up on the batch of somebody who reads the newsletter, for want of a right. */
const giveUp = (what: 'publish' | 'stitch', right: string, userId: string): Promise<void> =>
  whileGivingUp(what, right, async () => {
    await reads(userId);
    await waiting(what);
  });

describe('npm run redrive', () => {
  it('announces a batch that publish gave up on, and puts its decisions in the log', async () => {
    const userId = unique('given-up-by-publish');
    await giveUp('publish', 'events:PutEvents', userId);
    expect((await redrive()).places.get('publish')?.reasons).toEqual([['RetryAttemptsExhausted', expect.any(Number)]]);
    expect(await attemptsAbout(userId)).toEqual([]);
    const { code, places } = await redrive('publish');
    expect([code, places.get('publish')]).toEqual([0, { what: 'publish', sent: expect.any(Number), left: [] }]);
    await entered(userId);
    await eventually(async () => {
      const lines = (await identityLog()).filter(
        ({ kind, identifier }) => kind === 'link' && String(identifier).includes(userId),
      );
      expect(new Set(lines.map((line) => JSON.stringify(line))).size).toBe(2);
    });
    expect((await redrive()).places.get('publish')?.count).toBe(0);
  });

  it('sends a batch that stitch gave up on through the event stream again', async () => {
    const userId = unique('given-up-by-stitch');
    await giveUp('stitch', 'dynamodb:PutItem', userId);
    expect(await profilesWith(`user_id:${userId}`)).toEqual([]);
    expect((await redrive('stitch')).places.get('stitch')).toMatchObject({ left: [] });
    await eventually(async () =>
      expect(await profileOf(`user_id:${userId}`)).toMatchObject({ eventCount: 1, segments: ['newsletter'] }),
    );
    await entered(userId);
  });

  it('sends dead letters of both kinds again, those of SQS and those of the rule, and leaves what nobody can read', async () => {
    const [refused, tired] = [unique('rule-letter'), unique('sqs-letter')];
    const { url: QueueUrl } = await deliveryQueue();
    const { Attributes: { RedrivePolicy = '', VisibilityTimeout = '', Policy = '' } = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    const letters = await deadLettersUrl();
    await sqs.send(new PurgeQueueCommand({ QueueUrl: letters }));
    const set = (Attributes: Record<string, string>) =>
      sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    await failFor(tired, 1000);
    try {
      await set({
        RedrivePolicy: JSON.stringify({ ...JSON.parse(RedrivePolicy), maxReceiveCount: 1 }),
        VisibilityTimeout: '1',
      });
      await reads(tired);
      await waiting('destination Crm');
      const statements = (JSON.parse(Policy) as { Statement: { Effect: string }[] }).Statement.filter(
        ({ Effect }) => Effect === 'Deny',
      );
      await set({ Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }) });
      await reads(refused);
      await eventually(async () => expect((await redrive()).places.get('destination Crm')?.count).toBe(2), {
        within: 60_000,
      });
    } finally {
      await set({ RedrivePolicy, VisibilityTimeout, Policy });
    }
    await sqs.send(new SendMessageCommand({ QueueUrl: letters, MessageBody: '{"detail":{}}' }));
    const reasons = [
      ['tried too often', 2],
      ['EventBridge: NO_PERMISSIONS', 1],
    ];
    expect((await redrive()).places.get('destination Crm')).toMatchObject({ count: 3, reasons });

    await failFor(tired, 0);
    const { code, places } = await redrive('crm');
    expect([code, places.get('destination Crm')]).toMatchObject([
      1,
      { sent: 2, left: [{ why: 'it holds no event of the segment bus' }] },
    ]);
    await Promise.all([entered(refused), entered(tired)]);
    expect((await redrive()).places.get('destination Crm')?.count).toBe(1);
    await sqs.send(new PurgeQueueCommand({ QueueUrl: letters }));
  });

  it('sends letters of the bus, and those in a queue that a deleted stack left, to whom they were for', async () => {
    const userId = unique('bus-letter');
    await reads(userId);
    await entered(userId);
    const { profileId } = await profileOf(`user_id:${userId}`);
    const detail = { profileId, segment: 'newsletter', change: 'entered', destinations: ['crm'] };
    const MessageBody = JSON.stringify({ source: segmentEvent.source, 'detail-type': segmentEvent.detailType, detail });
    const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
    const ofBus = QueueUrls.find((url) => url.includes('BusDeadLetters'));
    const { QueueUrl: left = '' } = await sqs.send(new CreateQueueCommand({ QueueName: unique('left-behind') }));
    for (const QueueUrl of [ofBus, left]) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    expect((await redrive('bus')).places.get('bus')).toEqual({ what: 'bus', sent: 1, left: [] });
    await eventually(async () => expect(await attemptsAbout(userId)).toHaveLength(2));
    expect((await redrive('crm', '--from', left)).places.get('destination Crm')).toMatchObject({ sent: 1, left: [] });
    await eventually(async () => expect(await attemptsAbout(userId)).toHaveLength(3));
    await entered(userId);
  });

  it('says what there is when it is asked for something else', async () => {
    const { code, text } = await redrive('nobody');
    expect([code, text]).toEqual([
      2,
      expect.stringMatching(/nothing is named "nobody"; known: stitch, publish, .*destination Crm/),
    ]);
  });
});
