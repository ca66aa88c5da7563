import { DynamoDBClient, RestoreTableToPointInTimeCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { switchedOff } from '../alarms/troubles.ts';
import { run } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { allItems, type Item, profileOf } from '../observed/profiles.ts';
import { post } from '../observed/requests.ts';
import { asOwner, stackOutput, unique } from '../platform/deployment.ts';

const table = new DynamoDBClient(asOwner);
const documents = DynamoDBDocumentClient.from(table);
const [ann, bob, device, restored] = [
  unique('restored-ann'),
  unique('restored-bob'),
  unique('restored-device'),
  unique('restored'),
];
const live = stackOutput('profileTable');

/** The items of a table that are about one profile, but what their last write announced. */
async function itemsOf(profileId: string, of = live): Promise<Item[]> {
  const about = [...(await allItems(of)).values()].filter((item) => JSON.stringify(item).includes(profileId));
  return about.map(({ log: _logged, changes: _told, ...item }) => item);
}

/** Lets the table have nothing but barriers and requests, as the page about restoring says. */
async function emptyLive(): Promise<void> {
  const items = [...(await allItems()).values()].filter(
    ({ pk, barrier }) => pk !== 'request#' && barrier === undefined,
  );
  for (const { pk, sk } of items) await documents.send(new DeleteCommand({ TableName: live, Key: { pk, sk } }));
}

it('a restored table goes live only when who was erased since is out of it, and nothing brings her back', async () => {
  await post('/v1/identify', {
    userId: ann,
    anonymousId: device,
    traits: { email: `${ann}@example.com`, plan: 'gold' },
  });
  await post('/v1/identify', { userId: bob, anonymousId: device, traits: { email: `${bob}@example.com` } });
  const { profileId } = await eventually(() => profileOf(`user_id:${ann}`));
  const { profileId: bobs } = await eventually(() => profileOf(`user_id:${bob}`));
  await table.send(new RestoreTableToPointInTimeCommand({ SourceTableName: live, TargetTableName: restored }));

  const [request] = JSON.parse(await run('privacy', 'file', 'erasure', `user_id:${ann}`, '--yes', '--json'));
  // Destinations are told for five hours; here they have passed.
  await documents.send(
    new UpdateCommand({
      TableName: live,
      Key: { pk: 'request#', sk: request.requestId },
      UpdateExpression: 'SET deleteAfter = :now',
      ExpressionAttributeValues: { ':now': new Date().toISOString() },
    }),
  );
  await run('privacy', 'run', request.requestId);
  expect(await itemsOf(profileId)).toMatchObject([{ pk: 'request#' }]);
  expect((await itemsOf(profileId, restored)).length).toBeGreaterThan(3);

  await expect(run('restore', '--from', restored)).rejects.toMatchObject({
    stderr: expect.stringContaining(`Take them out first: npm run privacy -- reapply --table ${restored}`),
  });
  const control = await itemsOf(bobs, restored);
  expect(control.length).toBeGreaterThan(1);
  // Other tests erased people, too.
  expect(await run('privacy', 'reapply', '--table', restored)).toMatch(/: [1-9]\d* people taken out,/);
  expect(await itemsOf(profileId, restored)).toMatchObject([{ pk: 'request#' }]);
  expect(await itemsOf(bobs, restored)).toEqual(control);
  await expect(run('restore', '--from', restored)).rejects.toMatchObject({
    stderr: expect.stringContaining('has profiles. Empty it first'),
  });

  await switchedOff('stitch', async () => {
    await emptyLive();
    expect(await run('restore', '--from', restored)).toContain(`items of ${restored} are live in ${live}`);
  });
  expect(await itemsOf(profileId)).toMatchObject([{ pk: 'request#' }]);
  expect(await itemsOf(bobs)).toEqual(control);

  // What comes late of her is dropped, and Bob goes on.
  const late = { messageId: `${ann}-late`, timestamp: new Date(Date.now() - 600_000).toISOString() };
  await post('/v1/track', { userId: ann, event: 'Looked', ...late });
  await post('/v1/track', { userId: bob, event: 'Looked' });
  await eventually(async () => expect((await profileOf(`user_id:${bob}`)).eventCount).toBe(2));
  await expect(profileOf(`user_id:${ann}`)).rejects.toThrow('owned by 0');
}, 300_000);
