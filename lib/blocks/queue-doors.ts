import {
  AnyPrincipal,
  ArnPrincipal,
  Effect,
  type IRole,
  type PolicyDocument,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { type IQueue, QueuePolicy } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** In the policy of a queue, `*` is that queue. */
const ofItself = ['*'];

/** One policy for several queues, which refuses connections without TLS. */
export function closedQueues(scope: Construct, id: string, queues: IQueue[]): PolicyDocument {
  const { document } = new QueuePolicy(scope, id, { queues });
  document.addStatements(
    new PolicyStatement({
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['sqs:*'],
      resources: ofItself,
      conditions: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  );
  return document;
}

/** Lets a rule of EventBridge put events into the queues. */
export const letRuleIn = (policy: PolicyDocument, ruleArn: string): void =>
  policy.addStatements(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: ofItself,
      conditions: { ArnEquals: { 'aws:SourceArn': ruleArn } },
    }),
  );

/** Lets a role put messages into the queues. */
export const letRoleIn = (policy: PolicyDocument, { roleArn }: IRole): void =>
  policy.addStatements(
    new PolicyStatement({
      principals: [new ArnPrincipal(roleArn)],
      actions: ['sqs:SendMessage'],
      resources: ofItself,
    }),
  );
