import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

/** Whether a stack is being deleted or its first deployment rolled back. */
export async function isGoing(client: CloudFormationClient, stackId: string): Promise<boolean> {
  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: stackId }));
  return stack?.StackStatus === 'DELETE_IN_PROGRESS' || stack?.StackStatus === 'ROLLBACK_IN_PROGRESS';
}
