import { CloudFormationClient, DescribeStacksCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { redrivePlaces } from '../bin/redrive-places.ts';
import { output } from '../lambdas/core/contract.ts';

const [stacks, sqs] = [mockClient(CloudFormationClient), mockClient(SQSClient)];
const nested = 'CustomerDataDestinationCrmEuNestedStackCustomerDataDestinationCrmEuNestedStackResource1A2B3C4D';
const summary = (LogicalResourceId: string, PhysicalResourceId: string, ResourceType = 'AWS::SQS::Queue') => ({
  ...{ LogicalResourceId, PhysicalResourceId, ResourceType },
  ...{ LastUpdatedTimestamp: new Date(0), ResourceStatus: 'CREATE_COMPLETE' as const },
});
const own = [summary('CustomerDataSegmentsBusDeadLetters1A2B3C4D', 'bus'), summary(nested, 'nested', 'AWS::CloudFormation::Stack')];
const ofCrm = [summary('Queue4A7E3555', 'crm'), summary('DeadLetters9B2C1D0E', 'crm-dead')];
const policies: Record<string, string> = { crm: 'crm-dead', orders: 'orders-dead' };

function deployed(others: ReturnType<typeof summary>[] = []): void {
  const Outputs = Object.values(output).map((OutputKey) => ({ OutputKey, OutputValue: OutputKey }));
  stacks
    .on(DescribeStacksCommand)
    .resolves({ Stacks: [{ StackId: 'id', StackName: 'Shop', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE', Outputs }] });
  stacks.on(ListStackResourcesCommand, { StackName: 'Shop' }).resolves({ StackResourceSummaries: [...own, ...others] });
  stacks.on(ListStackResourcesCommand, { StackName: 'nested' }).resolves({ StackResourceSummaries: ofCrm });
  sqs.on(GetQueueAttributesCommand).callsFake(async ({ QueueUrl }) => ({
    Attributes: { QueueArn: QueueUrl, ...(policies[QueueUrl] && { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: policies[QueueUrl] }) }) },
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
  deployed([summary('Orders1A2B3C4D', 'orders'), summary('OrdersDead1A2B3C4D', 'orders-dead'), summary('Mails1A2B3C4D', 'mails')]);
  expect(await namesOf()).toEqual(all);
  const asked = sqs.commandCalls(GetQueueAttributesCommand).map(({ args: [{ input }] }) => input.QueueUrl);
  expect(asked.filter((url) => url !== undefined && /orders|mails/.test(url))).toEqual([]);
});
