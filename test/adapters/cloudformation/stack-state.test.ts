import { CloudFormationClient, DescribeStacksCommand, StackStatus } from '@aws-sdk/client-cloudformation';
import { expect, it } from 'vitest';
import { isGoing } from '../../../lambdas/adapters/cloudformation/stack-state.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const client = new CloudFormationClient({ region: 'us-east-1' });
const cloudformation = mockClient(client);
const goings: readonly string[] = [StackStatus.DELETE_IN_PROGRESS, StackStatus.ROLLBACK_IN_PROGRESS];

it.each(Object.values(StackStatus))(
  'a stack in %s is on its way out only when it is deleted, or its first deployment undone',
  async (status) => {
    cloudformation.reset();
    cloudformation
      .on(DescribeStacksCommand, { StackName: 'arn' })
      .resolves({ Stacks: [{ StackName: 's', CreationTime: undefined, StackStatus: status }] });
    expect(await isGoing(client, 'arn')).toBe(goings.includes(status));
  },
);

it('a stack that is not there is not known to go', async () => {
  cloudformation.reset();
  cloudformation.on(DescribeStacksCommand).resolves({});
  expect(await isGoing(client, 'arn')).toBe(false);
});
