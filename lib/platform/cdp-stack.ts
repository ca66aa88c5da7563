import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { jobOutput, output, pullJobOutput, pullSecretOutput } from '../../lambdas/core/contract/outputs.ts';
import { CustomerDataPlatform } from './customer-data-platform.ts';
import type { CustomerDataPlatformProps } from './platform-props.ts';
import { retentionOf } from './retention.ts';

/**
 * The platform as a stack of its own. Its outputs name what operators and applications need.
 *
 * @example
 * new CdpStack(new App(), 'Cdp', { config, alarmEmail: 'on-call@example.com' });
 */
export class CdpStack extends Stack {
  /** The platform in the stack. */
  readonly platform: CustomerDataPlatform;

  constructor(scope: Construct, id: string, props: CustomerDataPlatformProps & StackProps) {
    // CloudFormation takes 1,000,000 bytes of a template; with many destinations a third of them would be indentation.
    super(scope, id, { description: 'Customer data platform', suppressTemplateIndentation: true, ...props });
    this.platform = new CustomerDataPlatform(this, 'Platform', props);
    const { encryption, ingest, lake, profiles, profileApi, adminApi, segments, batch, pulls, analytics, alarmTopic } =
      this.platform;
    this.say(output.ingestUrl, ingest.url, 'Where SDKs send events');
    this.say(output.profileUrl, profileApi.door.url, 'Where applications read profiles');
    this.say(output.adminUrl, adminApi.door.url, 'Where operators explain and undo identity decisions');
    this.say(
      output.accessTokensSecret,
      profileApi.door.accessTokens.secretArn,
      'Secret with the hashes of access tokens of the profile API',
    );
    this.say(
      output.adminTokensSecret,
      adminApi.door.accessTokens.secretArn,
      'Secret with the hashes of access tokens of the admin API',
    );
    if (ingest.sourceSecrets)
      this.say(output.sourceSecrets, ingest.sourceSecrets.secretArn, 'Secret with the secrets of sources that sign');
    this.say(output.eventStream, ingest.events.streamName, 'Kinesis stream of accepted events');
    this.say(output.profileTable, profiles.table.tableName, 'DynamoDB table of profiles');
    this.say(
      output.identifierKeySecret,
      profiles.identifierKeySecret.secretArn,
      'Secret that turns identifiers into keys of the profile table',
    );
    this.say(output.lakeBucket, lake.bucket.bucketName, 'S3 bucket of the lake');
    this.say(output.segmentBus, segments.bus.eventBusName, 'EventBridge bus of membership changes');
    this.say(output.failedBatchBucket, lake.failedBatches.bucketName, 'S3 bucket of failed stream batches');
    this.say(output.database, batch.database.ref, 'Glue database of the lake tables');
    this.say(output.workgroup, analytics.workGroup.ref, 'Athena workgroup for analysts');
    this.say(output.encryptionKey, encryption.key.keyArn, 'KMS key that encrypts all customer data');
    this.say(output.alarmTopic, alarmTopic.topic.topicArn, 'SNS topic that receives every alarm');
    this.say(output.retention, retentionOf(props), 'Days for which the platform keeps what goes by itself');
    for (const [name, { job }] of batch.jobs) this.say(jobOutput(name), job.ref, `Glue job ${name}`);
    for (const [source, { job, secret }] of pulls?.bySource ?? []) {
      this.say(pullJobOutput(source), job.job.ref, `Glue job that reads the source ${source}`);
      if (secret !== undefined) this.say(pullSecretOutput(source), secret.secretArn, `Secret for the API of ${source}`);
    }
  }

  private say(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }
}
