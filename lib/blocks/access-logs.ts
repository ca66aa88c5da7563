import { Aws, Names, type RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { type IAccessLogSettings, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Encryption } from './encryption.ts';
import { usualRetention } from './log-retention.ts';
import { stackPart } from './own-name.ts';

/**
 * Logs how requests end, and no personal data: no address, no user agent, and no path, because a path can contain a key
 * or an identifier.
 */
const format = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  status: '$context.status',
  responseLength: '$context.responseLength',
  latency: '$context.responseLatency',
  integrationError: '$context.integrationErrorMessage',
});

/**
 * Makes the log group for the requests of an API stage, and returns the stage's log settings; lines stay for two weeks.
 */
export function accessLogs(
  scope: Construct,
  { key: encryptionKey }: Encryption,
  removalPolicy: RemovalPolicy,
): IAccessLogSettings {
  const group = new LogGroup(scope, 'AccessLogs', {
    // For a group with another prefix API Gateway extends the account's single resource policy, which is limited to
    // 5,120 characters.
    logGroupName: `/aws/vendedlogs/${Aws.STACK_NAME}-${stackPart()}/${Names.uniqueResourceName(scope, { maxLength: 100 })}`,
    retention: usualRetention,
    encryptionKey,
    removalPolicy,
  });
  return { destination: new LogGroupLogDestination(group), format: AccessLogFormat.custom(format) };
}
