import { CloudFormationClient, DescribeStacksCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import { redrivePlaces } from '../../../bin/deployment/redrive-places.ts';
import { output } from '../../../lambdas/core/contract/outputs.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const [stacks, sqs] = [mockClient(CloudFormationClient), mockClient(SQSClient)];
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
