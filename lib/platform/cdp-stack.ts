import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { jobOutput, output } from '../../lambdas/core/contract/outputs.ts';
import { CustomerDataPlatform } from './customer-data-platform.ts';
import type { CustomerDataPlatformProps } from './platform-props.ts';

/**
 * The platform as a stack of its own. Its outputs name what operators and applications need.
 *
 * @example
 * new CdpStack(new App(), 'Cdp', { config, alarmEmail: 'on-call@example.com' });
 */
export class CdpStack extends Stack {
  /** The construct that the stack holds. */
  readonly platform: CustomerDataPlatform;

  constructor(scope: Construct, id: string, props: CustomerDataPlatformProps & StackProps) {
    super(scope, id, { description: 'Customer data platform', ...props });
    this.platform = new CustomerDataPlatform(this, 'Platform', props);
    const { encryption, ingest, lake, profiles, profileApi, adminApi, segments, batch, analytics, alarmTopic } =
      this.platform;
    this.say(output.ingestUrl, ingest.url, 'Where SDKs send events');
    this.say(output.profileUrl, profileApi.door.url, 'Where applications read profiles');
    this.say(output.adminUrl, adminApi.door.url, 'Where operators explain and undo');
    this.say(
      output.accessTokensSecret,
      profileApi.door.accessTokens.secretArn,
      'Secret that holds the hashes of the access tokens of the profile API',
    );
    this.say(
      output.adminTokensSecret,
      adminApi.door.accessTokens.secretArn,
      'Secret that holds the hashes of the access tokens of the admin API',
    );
    this.say(output.eventStream, ingest.events.streamName, 'Kinesis stream of accepted events');
    this.say(output.profileTable, profiles.table.tableName, 'DynamoDB table of profiles');
    this.say(
      output.identifierKeySecret,
      profiles.identifierKeySecret.secretArn,
      'Secret that turns identifiers into keys of the table',
    );
    this.say(output.lakeBucket, lake.bucket.bucketName, 'S3 bucket of the lake');
    this.say(output.segmentBus, segments.bus.eventBusName, 'EventBridge bus of membership changes');
    this.say(output.failedBatchBucket, lake.failedBatches.bucketName, 'S3 bucket of stream batches that were given up');
    this.say(output.database, batch.database.ref, 'Glue database of the tables');
    this.say(output.workgroup, analytics.workGroup.ref, 'Athena workgroup of analysts');
    this.say(output.encryptionKey, encryption.key.keyArn, 'KMS key that encrypts all of it');
    this.say(output.alarmTopic, alarmTopic.topic.topicArn, 'SNS topic of all alarms');
    for (const [name, { job }] of batch.jobs) this.say(jobOutput(name), job.ref, `Glue job ${name}`);
  }

  private say(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }
}
