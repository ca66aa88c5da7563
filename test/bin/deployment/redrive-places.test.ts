import { CloudFormationClient, DescribeStacksCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import { redrivePlaces } from '../../../bin/deployment/redrive-places.ts';
import { output } from '../../../lambdas/core/contract/outputs.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const [stacks, sqs, s3] = [mockClient(CloudFormationClient), mockClient(SQSClient), mockClient(S3Client)];
const nested = 'CustomerDataDestinationCrmEuNestedStackCustomerDataDestinationCrmEuNestedStackResource1A2B3C4D';
const summary = (LogicalResourceId: string, PhysicalResourceId: string, ResourceType = 'AWS::SQS::Queue') => ({
  ...{ LogicalResourceId, PhysicalResourceId, ResourceType },
  ...{ LastUpdatedTimestamp: new Date(0), ResourceStatus: 'CREATE_COMPLETE' as const },
});
const own = [
  summary('CustomerDataSegmentsBusDeadLetters1A2B3C4D', 'bus'),
  summary(nested, 'nested', 'AWS::CloudFormation::Stack'),
];
const ofCrm = [summary('Queue4A7E3555', 'crm'), summary('DeadLetters9B2C1D0E', 'crm-dead')];
const policies: Record<string, string> = { crm: 'crm-dead', orders: 'orders-dead' };

function deployed(others: ReturnType<typeof summary>[] = []): void {
  const Outputs = Object.values(output).map((OutputKey) => ({ OutputKey, OutputValue: OutputKey }));
  stacks.on(DescribeStacksCommand).resolves({
    Stacks: [{ StackId: 'id', StackName: 'Shop', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE', Outputs }],
  });
  stacks.on(ListStackResourcesCommand, { StackName: 'Shop' }).resolves({ StackResourceSummaries: [...own, ...others] });
  stacks.on(ListStackResourcesCommand, { StackName: 'nested' }).resolves({ StackResourceSummaries: ofCrm });
  sqs.on(GetQueueAttributesCommand).callsFake(async ({ QueueUrl }) => ({
    Attributes: {
      QueueArn: QueueUrl,
      ...(policies[QueueUrl] && { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: policies[QueueUrl] }) }),
    },
  }));
}
const namesOf = async (): Promise<string[]> => [...(await redrivePlaces({ stack: 'Shop', local: false })).keys()];

beforeEach(() => {
  process.env.AWS_REGION = 'eu-west-1';
  stacks.reset();
  sqs.reset();
  s3.reset();
  s3.on(ListObjectsV2Command).resolves({});
});

const all = ['stitch', 'publish', 'bus', 'destination CrmEu'];

it('what waits is that of the platform', async () => {
  deployed();
  expect(await namesOf()).toEqual(all);
});

it('queues of the stack’s owner beside the platform are left alone', async () => {
  deployed([
    summary('Orders1A2B3C4D', 'orders'),
    summary('OrdersDead1A2B3C4D', 'orders-dead'),
    summary('Mails1A2B3C4D', 'mails'),
  ]);
  expect(await namesOf()).toEqual(all);
  const asked = sqs.commandCalls(GetQueueAttributesCommand).map(({ args: [{ input }] }) => input.QueueUrl);
  expect(asked.filter((url) => url !== undefined && /orders|mails/.test(url))).toEqual([]);
});

it('what forward put aside is sent with the dead letters of its destination, to its queue alone', async () => {
  deployed();
  sqs.on(ReceiveMessageCommand).resolves({});
  sqs.on(SendMessageCommand).resolves({});
  const keyOf = (destination: string) => `aws/lambda/forward/${destination}/shardId-0000000000001-9`;
  const Contents = ['CrmEu', 'Crm'].map((name) => ({ Key: keyOf(name), LastModified: new Date(5) }));
  s3.on(ListObjectsV2Command).resolves({ Contents });
  s3.on(DeleteObjectCommand).resolves({});
  const text = JSON.stringify({
    requestContext: { condition: 'QueueRefused', reason: 'KMS.DisabledException' },
    queueOf: 'crm-eu',
    payload: JSON.stringify({ Records: ['{"forwarded":{"events":[1]}}', '{"forwarded":{"events":[2]}}'] }),
  });
  s3.on(GetObjectCommand).callsFake(async () => ({ Body: { transformToString: async () => text } }));
  const places = await redrivePlaces({ stack: 'Shop', local: false });
  const crm = places.get('destination CrmEu');
  const what = 'destination CrmEu';
  expect(await crm?.look()).toMatchObject({
    ...{ what, count: 1, since: 5, reasons: [['QueueRefused: KMS.DisabledException', 1]] },
  });
  for (const name of ['stitch', 'publish']) expect(await places.get(name)?.look()).toMatchObject({ count: 0 });
  const going = { tell: () => {}, isStopped: () => false };
  expect(await crm?.send({ ...going, isWanted: ({ reason }) => reason.includes('503') })).toMatchObject({ sent: 0 });
  expect(await crm?.send(going)).toEqual({ what, sent: 1, left: [] });
  expect(
    sqs.commandCalls(SendMessageCommand).map(({ args: [{ input }] }) => [input.QueueUrl, input.MessageBody]),
  ).toEqual([1, 2].map((n) => ['crm', `{"forwarded":{"events":[${n}]}}`]));
  expect(s3.commandCalls(DeleteObjectCommand).map(({ args: [{ input }] }) => input.Key)).toEqual([keyOf('CrmEu')]);
});

describe('one that cannot be looked at says why, whatever is asked of it, and hides no other', () => {
  const denied = Object.assign(new Error('you may not'), { name: 'AccessDenied' });
  const ofShop = [summary('Queue4A7E3555', 'shop'), summary('DeadLetters9B2C1D0E', 'shop-dead')];
  const shop = summary(nested.replaceAll('CrmEu', 'Shop'), 'nested-shop', 'AWS::CloudFormation::Stack');
  const going = { tell: () => {}, isStopped: () => false };
  const both = [...all, 'destination Shop'];

  beforeEach(() => {
    deployed([shop]);
    stacks.on(ListStackResourcesCommand, { StackName: 'nested-shop' }).resolves({ StackResourceSummaries: ofShop });
    policies.shop = 'shop-dead';
    sqs.on(ReceiveMessageCommand).resolves({});
  });

  const unread = (QueueUrl: string) => sqs.on(GetQueueAttributesCommand, { QueueUrl }).rejects(denied);
  it.each([
    { name: 'the queue of a destination', hidden: 'destination Shop', why: 'you may not', spoil: () => unread('shop') },
    { name: 'its dead letters', hidden: 'destination Shop', why: 'you may not', spoil: () => unread('shop-dead') },
    { name: 'the dead letters of the bus', hidden: 'bus', why: 'you may not', spoil: () => unread('bus') },
    {
      name: 'a queue that is gone',
      hidden: 'destination Shop',
      why: 'SQS returns no attributes of shop',
      spoil: () => sqs.on(GetQueueAttributesCommand, { QueueUrl: 'shop' }).resolves({}),
    },
    {
      name: 'a queue whose policy is no JSON',
      hidden: 'destination Shop',
      why: 'JSON',
      spoil: () =>
        sqs
          .on(GetQueueAttributesCommand, { QueueUrl: 'shop' })
          .resolves({ Attributes: { QueueArn: 'shop', RedrivePolicy: '{' } }),
    },
    {
      name: 'the nested stack of a destination',
      hidden: 'destination Shop',
      why: 'you may not',
      spoil: () => stacks.on(ListStackResourcesCommand, { StackName: 'nested-shop' }).rejects(denied),
    },
    {
      name: 'dead letters of a destination whose own queue is not there',
      hidden: 'destination Shop',
      why: 'no queue uses shop-dead as its dead-letter queue',
      spoil: () =>
        stacks
          .on(ListStackResourcesCommand, { StackName: 'nested-shop' })
          .resolves({ StackResourceSummaries: ofShop.slice(1) }),
    },
  ])('$name', async ({ hidden, why, spoil }) => {
    spoil();
    const places = await redrivePlaces({ stack: 'Shop', local: false });
    expect([...places.keys()].sort()).toEqual([...both].sort());
    for (const [what, place] of places) {
      if (what === 'stitch' || what === 'publish') continue;
      const ended = await Promise.allSettled([place.look(), place.send(going)]);
      const outcomes = ended.map((end) => (end.status === 'rejected' ? end.reason.message : end.value.what));
      expect(outcomes, what).toEqual(Array(2).fill(what === hidden ? expect.stringContaining(why) : what));
    }
  });
});
