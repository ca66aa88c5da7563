import { gzipSync } from 'node:zlib';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { GetJobRunsCommand, GlueClient } from '@aws-sdk/client-glue';
import { LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, expect, it } from 'vitest';
import { lake, quarantine } from '../../../bin/status/lake.ts';
import { destinations, type Surroundings } from '../../../bin/status/readings.ts';
import type { Finding } from '../../../bin/status/report.ts';
import { jobsInOrder } from '../../../lambdas/core/contract/jobs.ts';
import { jobOutput, output } from '../../../lambdas/core/contract/outputs.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const [lambda, sqs, glue, s3, watch] = [
  mockClient(LambdaClient),
  mockClient(SQSClient),
  mockClient(GlueClient),
  mockClient(S3Client),
  mockClient(CloudWatchClient),
];
const denied = Object.assign(new Error('you may not'), { name: 'AccessDenied' });
const wrong = 'AccessDenied: you may not';
const now = Date.UTC(2026, 4, 2);
const jobs = jobsInOrder(true, true);
const names = [...Object.values(output), ...jobs.map(jobOutput)];
const ofAccount = 'https://sqs.eu-west-1.amazonaws.com/111122223333/';
const queuesOf = (destination: string) =>
  ['Queue4A7E3555', 'DeadLetters9B2C1D0E'].map((logicalId) => ({
    ...{ logicalId, physicalId: `${ofAccount}${destination}-${logicalId}`, type: 'AWS::SQS::Queue' },
    within: `CustomerDataDestination${destination}NestedStackX`,
  }));
const surroundings: Surroundings = {
  ...{ where: { region: 'eu-west-1' }, id: 'id', now },
  outputs: Object.fromEntries(names.map((name) => [name, name])),
  resources: [...queuesOf('Crm'), ...queuesOf('Shop')],
};

beforeEach(() => {
  for (const each of [lambda, sqs, glue, s3, watch]) each.reset();
  lambda.on(ListEventSourceMappingsCommand).resolves({ EventSourceMappings: [{ UUID: 'm', State: 'Enabled' }] });
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: {} });
  glue.on(GetJobRunsCommand).resolves({ JobRuns: [] });
  s3.on(ListObjectsV2Command).resolves({ Contents: [] });
});

const wrongOf = (findings: readonly Finding[]) => findings.filter((finding) => finding.wrong !== undefined);

it('a queue that is not polled rests, and others do not', async () => {
  const EventSourceArn = 'arn:aws:sqs:eu-west-1:111122223333:Crm-Queue4A7E3555';
  lambda
    .on(ListEventSourceMappingsCommand, { EventSourceArn })
    .resolves({ EventSourceMappings: [{ UUID: 'm', State: 'Disabled' }] });
  const resting = (await destinations(surroundings)).filter(({ state }) => state.includes('the queue rests'));
  expect(resting.map(({ part }) => part)).toEqual(['destination Crm']);
});

it('a queue of one destination that cannot be read hides neither its other nor those of another', async () => {
  sqs
    .on(GetQueueAttributesCommand, {
      QueueUrl: `${ofAccount}Crm-DeadLetters9B2C1D0E`,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    })
    .rejects(denied);
  const findings = await destinations(surroundings);
  expect(findings.map(({ part }) => part)).toEqual([
    'destination Crm',
    'destination Crm',
    'destination Shop',
    'destination Shop',
  ]);
  expect(wrongOf(findings)).toEqual([{ part: 'destination Crm', state: 'could not be read', wrong }]);
});

it.each(jobs)('runs of the job %s that cannot be read hide no other job, nor how far the lake is', async (job) => {
  glue.on(GetJobRunsCommand, { JobName: jobOutput(job) }).rejects(denied);
  const findings = await lake(surroundings);
  expect(findings.map(({ part }) => part)).toEqual(['lake', ...jobs.map((one) => `job ${one}`)]);
  expect(wrongOf(findings)).toMatchObject([{ part: `job ${job}`, state: 'could not be read', wrong }]);
  expect(findings[0]?.state).toContain(
    job === 'events' ? 'no successful run of the job events is known' : 'has never succeeded',
  );
});

it('a raw zone that cannot be listed hides no job', async () => {
  s3.on(ListObjectsV2Command).rejects(denied);
  const findings = await lake(surroundings);
  expect(findings.map(({ part }) => part)).toEqual(['lake', ...jobs.map((one) => `job ${one}`)]);
  expect(wrongOf(findings)).toMatchObject([{ part: 'lake', wrong }]);
});

it('an object of the quarantine that cannot be read hides no other', async () => {
  const keys = ['a', 'b'].map((name) => `quarantine/2026/05/01/12/${name}.gz`);
  s3.on(ListObjectsV2Command, { Bucket: output.lakeBucket, Prefix: 'quarantine/2026/05/01/' }).resolves({
    Contents: keys.map((Key) => ({ Key })),
  });
  const line = gzipSync(JSON.stringify({ stage: 'collect', reason: 'is empty' }));
  s3.on(GetObjectCommand).resolves({ Body: { transformToByteArray: async () => line } as never });
  s3.on(GetObjectCommand, { Key: keys[0] }).rejects(denied);
  const findings = await quarantine(surroundings);
  expect(findings.find(({ state }) => state.includes('is empty'))).toBeDefined();
  expect(wrongOf(findings)).toEqual([{ part: '', state: '1 objects could not be read', wrong }]);
});
