import { Stack, Validations } from 'aws-cdk-lib';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { AdminApi } from './admin-api.ts';
import type { Destination } from './destinations.ts';
import { failedBatchPrefix } from './failed-batches.ts';
import type { Ingest } from './ingest.ts';
import type { Lake } from './lake.ts';
import type { ProfileApi } from './profile-api.ts';
import type { Profiles } from './profiles.ts';
import type { Segments } from './segments.ts';
import type { Stitching } from './stitching.ts';

/** The parts of a platform that have such a finding. */
export interface Acknowledged {
  readonly ingest: Ingest;
  readonly lake: Lake;
  readonly profiles: Profiles;
  readonly profileApi: ProfileApi;
  readonly adminApi: AdminApi;
  readonly destinations: ReadonlyMap<string, Destination>;
  readonly stitching: Stitching;
  readonly segments: Segments;
}

/** Findings of cdk-nag that are right in general and not here, each with its reason, each on the one construct it is about. */
export function acknowledgeFindings({ ingest, lake, profiles, profileApi, adminApi, destinations, stitching, segments }: Acknowledged): void {
  Validations.of(ingest.node.findChild('Api')).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason: 'Browsers and SDKs authenticate with a write key, which collect checks; API Gateway knows no such authorizer.',
  });
  for (const { door } of [profileApi, adminApi]) {
    Validations.of(door.api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        "The function checks an access token itself: an authorizer of API Gateway could not answer in Segment's form, and would be a second call.",
    });
    Validations.of(door.accessTokens).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'It holds hashes of tokens that applications and operators keep: npm run token changes them, two at a time, when their holders can.',
    });
  }
  Validations.of(ingest.events).acknowledge({
    id: 'AwsSolutions-KDS3',
    reason: "The deployment's own key encrypts the stream, so that its policy decides who reads events; the price is the same few calls.",
  });
  Validations.of(lake.node.findChild('Raw')).acknowledge({
    id: 'AwsSolutions-KDF1',
    reason: 'Firehose takes no encryption of its own where a Kinesis stream is the source; that stream is encrypted.',
  });
  Validations.of(profiles.identifierKeySecret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason: 'It keys the HMACs of identifiers: rotating it means rewriting every key of the table, which is a migration and no schedule.',
  });
  for (const { settings } of destinations.values()) {
    Validations.of(settings).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'It holds a URL and a secret shared with the receiver, who must change it too.',
    });
  }
  const batches = Stack.of(lake).getLogicalId(lake.failedBatches.node.defaultChild as CfnBucket);
  for (const { role } of [stitching.stitch, segments.publish]) {
    Validations.of(role ?? lake).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${batches}.Arn>/${failedBatchPrefix}*]`,
      reason: 'Lambda itself names the objects in which it keeps what a function gave up on; they are below this one prefix.',
    });
  }
}
