import { Aws } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { lakePrefix } from '../../lambdas/core/contract/storage.ts';
import type { Encryption } from '../blocks/encryption.ts';
import type { Lake } from '../lake/lake.ts';
import type { Profiles } from './profiles.ts';

/** What DynamoDB exports, where to and when. */
export interface TableExportsProps {
  readonly encryption: Encryption;
  readonly lake: Lake;
  readonly profiles: Profiles;
  /**
   * Start of the export: a cron expression of EventBridge Scheduler, UTC, at least 15 minutes before the jobs. The
   * default is every night, one hour before the jobs.
   * @default 'cron(15 23 * * ? *)'
   */
  readonly schedule?: string;
}

/**
 * Exports the profile table to the lake, where the job `profiles` compares it with profiles made from the events. The
 * export uses no read capacity.
 */
export class TableExports extends Construct {
  /** A group of its own, because EventBridge Scheduler has metrics by group only. */
  private readonly group: CfnScheduleGroup;

  constructor(
    scope: Construct,
    id: string,
    { encryption, lake, profiles, schedule = 'cron(15 23 * * ? *)' }: TableExportsProps,
  ) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    const { tableArn } = profiles.table;
    role.addToPolicy(new PolicyStatement({ actions: ['dynamodb:ExportTableToPointInTime'], resources: [tableArn] }));
    encryption.grantRead(role);
    encryption.grantWrite(role);
    // DynamoDB also requires this action:
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html
    lake.bucket.allowPut(role, [lakePrefix.exports], ['s3:PutObjectAcl']);
    this.group = new CfnScheduleGroup(this, 'Group');
    new CfnSchedule(this, 'Schedule', {
      description: 'Exports the profile table for its comparison with the lake',
      groupName: this.group.ref,
      scheduleExpression: schedule,
      flexibleTimeWindow: { mode: 'OFF' },
      kmsKeyArn: encryption.key.keyArn,
      target: {
        arn: `arn:${Aws.PARTITION}:scheduler:::aws-sdk:dynamodb:exportTableToPointInTime`,
        roleArn: role.roleArn,
        input: JSON.stringify({
          TableArn: tableArn,
          S3Bucket: lake.bucket.bucketName,
          S3Prefix: lakePrefix.exports.replace(/\/$/, ''),
          S3SseAlgorithm: 'KMS',
          S3SseKmsKeyId: encryption.key.keyArn,
        }),
        retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 3600 },
      },
    });
  }

  /** Exports that DynamoDB refused to start. */
  metricRefusals(period: Metric['period']): Metric {
    return new Metric({
      namespace: 'AWS/Scheduler',
      metricName: 'TargetErrorCount',
      dimensionsMap: { ScheduleGroup: this.group.ref },
      statistic: 'sum',
      period,
    });
  }
}
