import { Aws } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { lakePrefix } from '../../lambdas/core/contract/storage.ts';
import type { Encryption } from '../blocks/encryption.ts';
import type { Lake } from '../lake/lake.ts';
import type { Profiles } from './profiles.ts';

/** What is exported, whereto and when. */
export interface TableExportsProps {
  readonly encryption: Encryption;
  readonly lake: Lake;
  readonly profiles: Profiles;
  /** When the table is exported: a cron expression of EventBridge Scheduler, UTC, at least 15 minutes before a run of the jobs. @default 'cron(15 23 * * ? *)', every night an hour before they run */
  readonly schedule?: string;
}

/** Exports the profile table into the lake, where the job `profiles` compares it with what the events make. It costs the table no reads. */
export class TableExports extends Construct {
  /** Its own, for EventBridge Scheduler counts by group. */
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
    // DynamoDB asks for the last one too: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html
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

  /** Exports that DynamoDB refused to begin. */
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
