import { readFileSync } from 'node:fs';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, it } from 'vitest';
import { eventOf } from '../../fixtures/events.ts';
import { eventually } from '../observed/eventually.ts';
import { asOwner, platform, stackOutput, unique } from '../platform/deployment.ts';
import { deadLettersUrl, redriveAs } from './redrive.ts';

interface Policy {
  readonly Version: string;
  readonly Statement: readonly { readonly Action: string | readonly string[] }[];
}

/** The policy of the page, with the outputs of this deployment in its places. */
function documented(): Policy {
  const [, text = ''] = /```json\n([\s\S]*?)```/.exec(readFileSync('docs/guides/repair/redrive.md', 'utf8')) ?? [];
  return JSON.parse(
    text.replace(/<(\w+)>/g, (_, name: string) => platform.stack[name] ?? `no output ${name}`),
  ) as Policy;
}

const iam = new IAMClient(asOwner);
const RoleName = unique('operator');

async function become(policy: Policy): Promise<NodeJS.ProcessEnv> {
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'redrive', PolicyDocument: JSON.stringify(policy) }));
  const RoleArn = `arn:aws:iam::000000000000:role/${RoleName}`;
  const { Credentials } = await new STSClient(asOwner).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'operator' }),
  );
  return {
    AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey,
    AWS_SESSION_TOKEN: Credentials?.SessionToken,
  };
}

/** One of everything that can be given up, about nobody. */
async function giveUp(): Promise<void> {
  const event = {
    source: 'cdp.segments',
    'detail-type': 'Segment Membership Changed',
    detail: { profileId: unique('nobody'), segment: 'none', change: 'exited' },
  };
  const NewImage = {
    profileId: { S: unique('nobody') },
    changes: { S: JSON.stringify([{ segment: 'none', change: 'exited' }]) },
    log: { S: '[{"kind":"test"}]' },
  };
  const forwarded = eventOf({ event: 'Order Completed', userId: unique('nobody'), messageId: unique('order') });
  const about = { requestContext: { condition: 'RetryAttemptsExhausted' } };
  const kinesis = { data: Buffer.from('{"no":"event"}\n').toString('base64') };
  const s3 = new S3Client({ ...asOwner, forcePathStyle: true });
  const put = (Key: string, object: object) =>
    s3.send(
      new PutObjectCommand({
        Bucket: stackOutput('failedBatchBucket'),
        Key,
        Body: JSON.stringify({ ...about, ...object }),
      }),
    );
  await put('aws/lambda/m1/shardId-000000000000/a', {
    KinesisBatchInfo: {},
    payload: JSON.stringify({ Records: [{ kinesis }] }),
  });
  await put('aws/lambda/set-aside/a', {
    DDBStreamBatchInfo: {},
    payload: JSON.stringify({ Records: [{ dynamodb: { NewImage } }] }),
  });
  await put('aws/lambda/forward/Crm/a', {
    queueOf: 'crm',
    payload: JSON.stringify({ Records: [JSON.stringify({ forwarded: { events: [forwarded] } })] }),
  });
  await new SQSClient(asOwner).send(
    new SendMessageCommand({ QueueUrl: await deadLettersUrl(), MessageBody: JSON.stringify(event) }),
  );
}

it('an operator who may what the page says can send everything again, and without any one statement of it cannot', async () => {
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::000000000000:root' } }],
  };
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  const whole = documented();
  // The emulator asks for no key, and only where somebody has a barrier is the secret read.
  const needed = whole.Statement.filter(({ Action }) => !/kms:|secretsmanager:/.test(JSON.stringify(Action)));
  for (const missing of needed) {
    await giveUp();
    const { code, text } = await redriveAs(
      await become({ ...whole, Statement: whole.Statement.filter((one) => one !== missing) }),
      '--all',
    );
    expect([JSON.stringify(missing.Action), code, text]).toEqual([
      expect.anything(),
      1,
      expect.stringMatching(/AccessDenied|not authorized|does not accept/),
    ]);
  }
  await giveUp();
  const { code, text, places } = await redriveAs(await become(whole), '--all');
  expect(code, text).toBe(0);
  for (const what of ['stitch', 'publish', 'destination Crm'])
    expect(places.get(what)).toEqual({ what, sent: expect.any(Number), left: [] });
  // A letter that could not be removed is hidden for a minute.
  const rest = async (): Promise<void> => {
    await redriveAs(await become(whole), '--all');
    for (const { count } of (await redriveAs(await become(whole))).places.values()) expect(count).toBe(0);
  };
  await eventually(rest, { within: 100_000, every: 2_000 });
}, 240_000);
