import { Aws, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { env } from '../../lambdas/core/contract/environment.ts';
import type { HandlerFunction } from '../blocks/handler-function.ts';
import type { Destination } from './destination.ts';

/** The queues of destinations, and the functions that must know them. */
export interface QueueReadersProps {
  readonly destinations: ReadonlyMap<string, Destination>;
  /** Puts events on the queues; undefined if no destination receives events. */
  readonly forward: HandlerFunction | undefined;
  /** Stops and starts Lambda's polls of the queues. */
  readonly tend: HandlerFunction;
}

/** A parameter holds 4 KB, and the id and the URL of a queue have at most 190 characters. */
const perParameter = 20;
/** Characters with which the name of a function begins as that of its stack does; CloudFormation cuts longer ones. */
const ofName = 20;

/**
 * Tells functions the queues of destinations by parameters, because the environment of a function has room for some
 * twenty URLs.
 */
export class QueueReaders extends Construct {
  constructor(scope: Construct, id: string, { destinations, forward, tend }: QueueReadersProps) {
    super(scope, id);
    if (destinations.size === 0) return;
    const urls = [...destinations].map(([destination, { queue }]) => [destination, queue.queueUrl]);
    const parameters: StringParameter[] = [];
    for (let at = 0; at < urls.length; at += perParameter) {
      const stringValue = Stack.of(this).toJsonString(Object.fromEntries(urls.slice(at, at + perParameter)));
      parameters.push(new StringParameter(this, `Part${at / perParameter + 1}`, { stringValue }));
    }
    if (forward) tell(forward, env.queueParameters, parameters);
    tell(tend, env.polledQueues, parameters);
    letSwitch(tend);
  }
}

function tell(reader: HandlerFunction, setting: string, parameters: readonly StringParameter[]): void {
  reader.addEnvironment(setting, parameters.map(({ parameterName }) => parameterName).join(' '));
  const resources = parameters.map(({ parameterArn }) => parameterArn);
  reader.addToRolePolicy(new PolicyStatement({ actions: ['ssm:GetParameter'], resources }));
}

/**
 * A policy has no room for 200 mappings, and the template of the platform none for their names, so this one names the
 * functions that they start. A list of mappings is no resource.
 */
function letSwitch(tend: HandlerFunction): void {
  const { stackName } = Stack.of(tend);
  const lambda = `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  const ofStack = Token.isUnresolved(stackName) ? '*' : `${stackName.slice(0, ofName)}*`;
  tend.addToRolePolicy(new PolicyStatement({ actions: ['lambda:ListEventSourceMappings'], resources: ['*'] }));
  tend.addToRolePolicy(
    new PolicyStatement({
      actions: ['lambda:UpdateEventSourceMapping'],
      resources: [`${lambda}:event-source-mapping:*`],
      conditions: { ArnLike: { 'lambda:FunctionArn': `${lambda}:function:${ofStack}` } },
    }),
  );
}
