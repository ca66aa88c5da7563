import { Duration } from 'aws-cdk-lib';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { env } from '../../lambdas/core/contract/environment.ts';
import type { Encryption } from '../blocks/encryption.ts';
import { HandlerFunction } from '../blocks/handler-function.ts';
import { scheduleRole } from '../blocks/schedule-role.ts';
import type { Profiles } from './profiles.ts';

/** What tending reads and writes, and its pace. */
export interface TendingProps {
  readonly config: string;
  readonly encryption: Encryption;
  readonly profiles: Profiles;
  /** Whether an account that changes wakes its people, because their segments ask about it. */
  readonly people: boolean;
  /** Profiles a second that are woken at most. @default 2000 */
  readonly wakesPerSecond?: number | undefined;
}

/** Profiles a second that one execution wakes. */
const perSlice = 500;

/**
 * Wakes profiles that change by themselves: a window runs out, a date comes. Every minute, as many executions as the
 * pace needs each take a slice of the due index. Lambda does not repeat a failed one, because its profiles stay due.
 */
export class Tending extends Construct {
  readonly tend: HandlerFunction;

  constructor(scope: Construct, id: string, props: TendingProps) {
    super(scope, id);
    const { config, encryption, profiles, people, wakesPerSecond = 2000 } = props;
    this.tend = new HandlerFunction(this, 'Tend', {
      handler: 'tend',
      config,
      encryptionKey: encryption.key,
      timeout: Duration.seconds(90),
      memorySize: 1024,
      environment: {
        [env.profileTable]: profiles.table.tableName,
        ...(people && { [env.identifierKeySecret]: profiles.identifierKeySecret.secretArn }),
      },
    });
    profiles.grantWake(this.tend);
    if (people) {
      profiles.grantMembers(this.tend);
      encryption.grantSecret(this.tend, profiles.identifierKeySecret);
    }
    this.tend.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    const role = scheduleRole(this, 'Role', this.tend, encryption);
    const slices = Math.ceil(wakesPerSecond / perSlice);
    for (let slice = 0; slice < slices; slice++)
      new CfnSchedule(this, `Slice${slice}`, {
        description: `Wakes profiles that are due, part ${slice + 1} of ${slices}`,
        scheduleExpression: 'rate(1 minute)',
        flexibleTimeWindow: { mode: 'OFF' },
        kmsKeyArn: encryption.key.keyArn,
        target: {
          arn: this.tend.functionArn,
          roleArn: role.roleArn,
          input: JSON.stringify({ slice, slices, wakesPerSecond: wakesPerSecond / slices }),
          // The next minute starts another one.
          retryPolicy: { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 },
        },
      });
  }
}
