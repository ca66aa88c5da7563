import { gunzipSync } from 'node:zlib';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { clientSettings } from '../../../local/platform/aws.ts';
import { deployShared, type EmulatedStack } from '../stack/emulated-stack.ts';
import { eventually } from '../stack/eventually.ts';
import { getAtt, referenceOutputs, role, tlsOnlyBucket } from '../stack/template-parts.ts';

vi.setConfig({ testTimeout: 40_000 });

let stack: EmulatedStack;

const destination = (prefix: string) => ({
  BucketARN: getAtt('Lake', 'Arn'),
  RoleARN: getAtt('Role', 'Arn'),
  BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 64 },
  CompressionFormat: 'GZIP',
  Prefix: `${prefix}/!{timestamp:yyyy/MM/dd/HH/}`,
  ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
});

const template = {
  Resources: {
    ...tlsOnlyBucket('Lake'),
    Role: role('firehose', ['s3:PutObject']),
    Reader: role('firehose', ['kinesis:GetRecords']),
    Events: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } },
    Direct: {
      Type: 'AWS::KinesisFirehose::DeliveryStream',
      Properties: { ExtendedS3DestinationConfiguration: destination('direct') },
    },
    Copied: {
      Type: 'AWS::KinesisFirehose::DeliveryStream',
      Properties: {
        DeliveryStreamType: 'KinesisStreamAsSource',
        KinesisStreamSourceConfiguration: {
          KinesisStreamARN: getAtt('Events', 'Arn'),
          RoleARN: getAtt('Reader', 'Arn'),
        },
        ExtendedS3DestinationConfiguration: destination('copied'),
      },
    },
  },
  Outputs: referenceOutputs('Lake', 'Events', 'Direct', 'Role'),
};

beforeAll(async () => {
  stack = await deployShared(template);
}, 120_000);

afterAll(() => stack?.stop());

const put = (...lines: readonly string[]) =>
  new FirehoseClient(clientSettings(stack.url)).send(
    new PutRecordBatchCommand({
      DeliveryStreamName: stack.outputs.Direct,
      Records: lines.map((line) => ({ Data: Buffer.from(`${line}\n`) })),
    }),
  );

/** Key and unpacked text of every object below a prefix. */
async function objectsBelow(prefix: string): Promise<{ key: string; text: string }[]> {
  const s3 = new S3Client({ ...clientSettings(stack.url), forcePathStyle: true });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: stack.outputs.Lake, Prefix: prefix }));
  const read = async (key = '') => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: stack.outputs.Lake, Key: key }));
    return { key, text: gunzipSync((await Body?.transformToByteArray()) ?? '').toString('utf8') };
  };
  return Promise.all(Contents.map(({ Key }) => read(Key)));
}

const firstObject = (prefix: string) =>
  eventually(`an object below ${prefix}`, async () => (await objectsBelow(prefix))[0]);

it('joins the records of a while in one gzip object named as on AWS', async () => {
  await put('one', 'two');
  await put('three');
  const { key, text } = await firstObject('direct/');
  expect(text).toBe('one\ntwo\nthree\n');
  expect(key).toMatch(/^direct\/\d{4}\/\d\d\/\d\d\/\d\d\/\S+-1-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9a-f-]{36}\.gz$/);
});

it('copies a Kinesis stream', async () => {
  const kinesis = new KinesisClient({ ...clientSettings(stack.url), requestHandler: new NodeHttpHandler() });
  await kinesis.send(
    new PutRecordCommand({ StreamName: stack.outputs.Events, PartitionKey: 'one', Data: Buffer.from('copied\n') }),
  );
  expect((await firstObject('copied/')).text).toBe('copied\n');
});

it('writes with the delivery role, and keeps what S3 refuses until it takes it', async () => {
  const iam = new IAMClient(clientSettings(stack.url));
  const policy = { RoleName: stack.outputs.Role, PolicyName: 'Allowed' };
  const before = (await objectsBelow('direct/')).length;
  await iam.send(new DeleteRolePolicyCommand(policy));
  await put('patient');
  await expect(
    eventually('an object that must not come', async () => (await objectsBelow('direct/'))[before], 4_000),
  ).rejects.toThrow('not within');

  const statement = { Effect: 'Allow', Action: 's3:PutObject', Resource: '*' };
  await iam.send(
    new PutRolePolicyCommand({
      ...policy,
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
    }),
  );
  await eventually('the object', async () => (await objectsBelow('direct/')).find(({ text }) => text === 'patient\n'));
});
