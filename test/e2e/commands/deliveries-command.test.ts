import { PurgeQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { npmRun } from '../npm-run.ts';
import { attemptsAbout, failFor, news } from '../observed/deliveries.ts';
import { eventually } from '../observed/eventually.ts';
import { attempts } from '../observed/lake.ts';
import { profileOf } from '../observed/profiles.ts';
import { deliveryQueue } from '../observed/queues.ts';
import { post } from '../observed/requests.ts';
import { asOwner, unique } from '../platform/deployment.ts';
import { deadLettersUrl, redrive } from './redrive.ts';

const sqs = new SQSClient(asOwner);
const put = (QueueUrl: string, MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
const reads = (userId: string) =>
  post('/v1/identify', { userId, traits: { email: `${userId}@example.com`, newsletter: true } });
const told = (userId: string) =>
  eventually(async () => expect(news(await attemptsAbout(userId))).toEqual(['newsletter entered']), { within: 60_000 });
const change = (profileId: string, segment: string): string =>
  JSON.stringify({
    source: 'cdp.segments',
    'detail-type': 'Segment Membership Changed',
    detail: { profileId, segment, change: 'entered' },
  });

/** What the command says of attempts about a segment, at the only destination. */
async function outcomesOf(...args: readonly string[]): Promise<unknown> {
  const { stdout } = await npmRun('deliveries', '--json', '--since', '1h', '--local', ...args);
  const { destinations } = JSON.parse(stdout) as { destinations: { destination: string; outcomes: object }[] };
  return destinations.find(({ destination }) => destination === 'crm')?.outcomes;
}

it('a delivered, a filtered, a retried, a refused and a redriven delivery are rows that npm run deliveries and Athena tell', async () => {
  const since = new Date().toISOString();
  const userId = unique('seen');
  const segment = unique('gone-segment');
  const { url } = await deliveryQueue();
  await failFor(userId, 1);
  await reads(userId);
  await told(userId);
  const { profileId } = await profileOf(`user_id:${userId}`);
  await put(url, change(profileId, segment));
  await put(url, '{"detail":{}}');
  await put(await deadLettersUrl(), change(profileId, 'newsletter'));
  await redrive('crm');
  await eventually(
    async () => {
      const rows = (await attempts()).filter(({ at }) => String(at) >= since);
      for (const row of [
        { about: 'newsletter', outcome: 'retried', reason: 'server_error', status: 500, stage: 'tool' },
        { about: 'newsletter', outcome: 'delivered', status: 200, stage: 'tool', requests: 1 },
        { about: segment, outcome: 'filtered', reason: 'not_subscribed', stage: 'rules' },
        { kind: 'unreadable', outcome: 'refused', reason: 'unreadable' },
        { about: 'newsletter', outcome: 'delivered', redriven: true },
      ])
        expect(rows).toContainEqual(expect.objectContaining({ destination: 'crm', ...row }));
      expect(JSON.stringify(rows)).not.toContain(userId);
      expect(JSON.stringify(rows)).not.toContain(profileId);
      const person = rows.find(({ about }) => about === segment)?.person;
      expect(rows.filter((row) => row.person === person).length).toBeGreaterThanOrEqual(4);
    },
    { within: 120_000 },
  );
  expect(await outcomesOf('--segment', segment)).toEqual({ filtered: 1 });
  await npmRun('job', 'marts', '--local');
  const sql = `SELECT outcome, reason, stage, sum(items) AS items FROM deliveries WHERE about = '${segment}' GROUP BY 1, 2, 3`;
  const { stdout } = await npmRun('query', sql, '--json', '--local');
  expect(JSON.parse(stdout)).toEqual([{ outcome: 'filtered', reason: 'not_subscribed', stage: 'rules', items: 1 }]);
  expect(await outcomesOf('--segment', segment)).toEqual({ filtered: 1 });
  expect(await outcomesOf('--destination', 'crm')).toMatchObject({
    delivered: expect.any(Number),
    retried: expect.any(Number),
    refused: expect.any(Number),
  });
  const { stdout: text } = await npmRun('deliveries', '--local', '--since', '1h');
  expect(text).toMatch(/crm +[\d,]+/);
  expect(text).toMatch(/crm +refused +unreadable +\d+/);
  // Nobody can send the unreadable letter again, and other tests count letters.
  await sqs.send(new PurgeQueueCommand({ QueueUrl: await deadLettersUrl() }));
});
