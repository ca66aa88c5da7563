import { Duration } from 'aws-cdk-lib';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { env } from '../../lambdas/core/contract/environment.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';
import { scheduleRole } from '../blocks/schedule-role.ts';
import type { Profiles } from '../profiles/profiles.ts';

/** The profiles with the requests of people. */
export interface RequestsProps {
  readonly config: string;
  readonly encryption: Encryption;
  readonly profiles: Profiles;
  /** Days for which the platform keeps what goes by itself, as JSON. */
  readonly retention: string;
}

/**
 * Goes on with privacy requests, every hour: what waited for its time, and what stopped in the middle. Lambda does not
 * repeat a failed execution, because the next hour goes on.
 */
export class Requests extends Construct {
  readonly run: HandlerFunction;

  constructor(scope: Construct, id: string, { config, encryption, profiles, retention }: RequestsProps) {
    super(scope, id);
    this.run = new HandlerFunction(this, 'Run', {
      handler: 'requests',
      config,
      encryptionKey: encryption.key,
      timeout: Duration.minutes(15),
      environment: {
        [env.profileTable]: profiles.table.tableName,
        [env.identifierKeySecret]: profiles.identifierKeySecret.secretArn,
        [env.retention]: retention,
      },
    });
    profiles.grantReadWrite(this.run);
    profiles.grantRequests(this.run);
    profiles.grantRelease(this.run);
    encryption.grantSecret(this.run, profiles.identifierKeySecret);
    this.run.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(30) });
    new CfnSchedule(this, 'Hourly', {
      description: 'Goes on with privacy requests',
      scheduleExpression: 'rate(1 hour)',
      flexibleTimeWindow: { mode: 'OFF' },
      kmsKeyArn: encryption.key.keyArn,
      target: {
        arn: this.run.functionArn,
        roleArn: scheduleRole(this, 'Role', this.run, encryption).roleArn,
        // The next hour starts another one.
        retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 1800 },
      },
    });
  }
}
