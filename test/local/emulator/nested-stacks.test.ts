import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { nestedOutputs, stackResources } from '../../../bin/deployment/stack-resources.ts';
import { clientSettings } from '../../../local/platform/aws.ts';
import { startEmulator } from '../../../local/platform/emulator-process.ts';
import { freePorts } from '../../e2e/platform/free-ports.ts';
import { eventually } from '../stack/eventually.ts';

vi.setConfig({ hookTimeout: 40_000, testTimeout: 40_000 });

const nested = {
  Parameters: { Name: { Type: 'String' } },
  Resources: {
    Kept: {
      Type: 'AWS::SQS::Queue',
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { QueueName: { 'Fn::Sub': `kept-\${Name}` } },
    },
    Gone: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Sub': `gone-\${Name}` } } },
  },
  Outputs: { Url: { Value: { Ref: 'Kept' } } },
};
const TemplateURL = 'https://s3.us-east-1.amazonaws.com/templates/nested.json';
const part = (Name: string) => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { TemplateURL, Parameters: { Name } },
});
const template = { Resources: { CrmNestedStack1: part('crm'), MailNestedStack1: part('mail') } };

let emulator: Awaited<ReturnType<typeof startEmulator>>;
let directory: string;
let where: ReturnType<typeof clientSettings>;
let cloudFormation: CloudFormationClient;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cdp-test-'));
  const [port = 0] = await freePorts(1);
  emulator = await startEmulator(port, directory, new AbortController().signal);
  where = clientSettings(emulator.url);
  const s3 = new S3Client({ ...where, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'templates' }));
  await s3.send(new PutObjectCommand({ Bucket: 'templates', Key: 'nested.json', Body: JSON.stringify(nested) }));
  cloudFormation = new CloudFormationClient(where);
  await cloudFormation.send(new CreateStackCommand({ StackName: 'Test', TemplateBody: JSON.stringify(template) }));
  await untilIt('CREATE_COMPLETE');
});
afterAll(async () => {
  await emulator.stop();
  await rm(directory, { recursive: true, force: true });
});

const untilIt = (status: string) =>
  eventually(`the stack is ${status}`, async () => {
    const { Stacks: [found] = [] } = await cloudFormation
      .send(new DescribeStacksCommand({ StackName: 'Test' }))
      .catch(() => ({ Stacks: [] }));
    return (found?.StackStatus ?? 'DELETE_COMPLETE') === status ? true : undefined;
  });

const queues = async () => {
  const { QueueUrls = [] } = await new SQSClient(where).send(new ListQueuesCommand({}));
  return QueueUrls.map((url) => url.slice(url.lastIndexOf('/') + 1)).sort();
};

it('finds what is in nested stacks, and what each says of itself', async () => {
  const found = await stackResources(where, 'Test');
  expect(found.map(({ within, logicalId }) => `${within ?? ''} ${logicalId}`).sort()).toEqual([
    ' CrmNestedStack1',
    ' MailNestedStack1',
    'CrmNestedStack1 Gone',
    'CrmNestedStack1 Kept',
    'MailNestedStack1 Gone',
    'MailNestedStack1 Kept',
  ]);
  expect(await nestedOutputs(where, 'Test', 'Mail')).toEqual({ Url: expect.stringContaining('/kept-mail') });
  expect(await nestedOutputs(where, 'Test', 'Nobody')).toBeUndefined();
});

it('knows what did not change when a nested stack is updated', async () => {
  const later = { ...nested, Outputs: { ...nested.Outputs, Name: { Value: { 'Fn::GetAtt': ['Kept', 'QueueName'] } } } };
  const s3 = new S3Client({ ...where, forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket: 'templates', Key: 'later.json', Body: JSON.stringify(later) }));
  const crm = part('crm');
  const Resources = {
    ...template.Resources,
    CrmNestedStack1: { ...crm, Properties: { ...crm.Properties, TemplateURL: TemplateURL.replace('nested', 'later') } },
  };
  await cloudFormation.send(new UpdateStackCommand({ StackName: 'Test', TemplateBody: JSON.stringify({ Resources }) }));
  await untilIt('UPDATE_COMPLETE');
  expect(await nestedOutputs(where, 'Test', 'Crm')).toEqual({
    Url: expect.stringContaining('/kept-crm'),
    Name: 'kept-crm',
  });
});

it('leaves behind what a nested template keeps, and nothing else', async () => {
  expect(await queues()).toEqual(['gone-crm', 'gone-mail', 'kept-crm', 'kept-mail']);
  await cloudFormation.send(new DeleteStackCommand({ StackName: 'Test' }));
  await untilIt('DELETE_COMPLETE');
  expect(await queues()).toEqual(['kept-crm', 'kept-mail']);
});
