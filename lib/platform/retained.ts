import { CfnResource, Stack, Tags } from 'aws-cdk-lib';
import { CfnSecret, type Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';

/** Types of resources that hold data, each with the property that identifies an existing one to CloudFormation. */
export const foundBy: ReadonlyMap<string, string> = new Map([
  ['AWS::KMS::Key', 'KeyId'],
  ['AWS::DynamoDB::Table', 'TableName'],
  ['AWS::S3::Bucket', 'BucketName'],
  ['AWS::SecretsManager::Secret', 'Id'],
  ['AWS::Glue::Database', 'DatabaseName'],
]);

/** Tag of a platform's secrets: the secret's logical id, or its path below the platform in a nested stack. */
export const ownIdTag = 'customer-data-platform';
/** Tag of a platform's secrets: the key that encrypts all of its data. */
export const keyTag = 'customer-data-platform:key';
/** Tag of a platform's secrets: the name of its stack. */
export const stackTag = 'customer-data-platform:stack';
/** Prefix of tags that name other resources with data, by logical id. */
export const holdsTag = 'customer-data-platform:holds:';

/** Characters in a tag's key: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_TagResource.html */
const longestTag = 127;

/** The secret that makes the data readable, and the key of all data. */
export interface Anchor {
  readonly identifierKey: Secret;
  readonly keyId: string;
}

/**
 * Records in the tags of a platform's secrets where its data is, so that `npm run left-behind` finds it without a
 * stack.
 */
export function tagWhatHoldsData(platform: IConstruct, { identifierKey, keyId }: Anchor): void {
  const stack = Stack.of(platform);
  const below = (resource: CfnResource) =>
    resource.node.path.slice(platform.node.path.length + 1).replace(/\/Resource$/, '');
  for (const resource of platform.node.findAll().filter(holdsData)) {
    if (resource instanceof CfnSecret) {
      Tags.of(resource).add(ownIdTag, resource.stack === stack ? resource.logicalId : below(resource));
      Tags.of(resource).add(keyTag, keyId);
      Tags.of(resource).add(stackTag, stack.stackName);
    } else if (resource.stack === stack) Tags.of(identifierKey).add(holding(resource), resource.ref);
  }
}

/** @throws Error when the platform is nested so deep that a tag is too short for an id */
function holding({ stack, logicalId }: CfnResource): string {
  const tag = `${holdsTag}${stack.resolve(logicalId)}`;
  if (tag.length > longestTag)
    throw new Error(
      `the platform is nested too deep: a tag may have ${longestTag} characters; got ${tag.length}: ${tag}`,
    );
  return tag;
}

const holdsData = (child: IConstruct): child is CfnResource =>
  CfnResource.isCfnResource(child) && foundBy.has(child.cfnResourceType);
