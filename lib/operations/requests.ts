import { Duration } from 'aws-cdk-lib';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { wayOut } from '../../lambdas/core/contract/way-out.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';
import { scheduleRole } from '../blocks/schedule-role.ts';
import { actAsOfficer, type OfficerPlace } from './officer.ts';

/** The platform's data with the requests of people. */
export interface RequestsProps extends OfficerPlace {
  readonly config: string;
}

/**
 * Goes on with privacy requests, every hour: what waited for its time, and what stopped in the middle. Lambda does not
 * repeat a failed execution, because the next hour goes on.
 */
export class Requests extends Construct {
  readonly run: HandlerFunction;

  constructor(scope: Construct, id: string, { config, ...place }: RequestsProps) {
    super(scope, id);
    const { encryption } = place;
    this.run = new HandlerFunction(this, 'Run', {
      handler: 'requests',
      config,
      encryptionKey: encryption.key,
      timeout: Duration.minutes(15),
      environment: {},
      aliases: wayOut,
    });
    actAsOfficer(this.run, place);
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
