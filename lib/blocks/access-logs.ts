import { Aws, Names, type RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { type IAccessLogSettings, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Encryption } from './encryption.ts';
import { stackPart } from './own-name.ts';

/** Says how requests fare and nothing of who sent them or about whom: no address, no path (it can hold a key or an identifier), no user agent. */
const format = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  status: '$context.status',
  responseLength: '$context.responseLength',
  latency: '$context.responseLatency',
  integrationError: '$context.integrationErrorMessage',
});

/** Where and how a stage of an API logs its requests: a month in a group of its own. */
export function accessLogs(
  scope: Construct,
  { key: encryptionKey }: Encryption,
  removalPolicy: RemovalPolicy,
): IAccessLogSettings {
  const group = new LogGroup(scope, 'AccessLogs', {
    // API Gateway writes any other group into the account's one resource policy of 5,120 characters, which may be full.
    logGroupName: `/aws/vendedlogs/${Aws.STACK_NAME}-${stackPart()}/${Names.uniqueResourceName(scope, { maxLength: 100 })}`,
    retention: RetentionDays.ONE_MONTH,
    encryptionKey,
    removalPolicy,
  });
  return { destination: new LogGroupLogDestination(group), format: AccessLogFormat.custom(format) };
}
