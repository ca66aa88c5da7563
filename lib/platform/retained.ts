import { CfnResource, Stack, Tags } from 'aws-cdk-lib';
import { CfnSecret, type Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IConstruct } from 'constructs';

/** Types of what holds data, each with the property by which CloudFormation finds one that is there already. */
export const foundBy: ReadonlyMap<string, string> = new Map([
  ['AWS::KMS::Key', 'KeyId'],
  ['AWS::DynamoDB::Table', 'TableName'],
  ['AWS::S3::Bucket', 'BucketName'],
  ['AWS::SecretsManager::Secret', 'Id'],
  ['AWS::Glue::Database', 'DatabaseName'],
]);

/** Tag of a platform's secrets: the secret's own id in the template, or its path below the platform where it is in a nested stack. */
export const ownIdTag = 'customer-data-platform';
/** Tag of a platform's secrets: the key that all of its data is encrypted with. */
export const keyTag = 'customer-data-platform:key';
/** Tag of a platform's secrets: the name of its stack. */
export const stackTag = 'customer-data-platform:stack';
/** Beginning of the tags that name what else holds data, by its id in the template. */
export const holdsTag = 'customer-data-platform:holds:';

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_TagResource.html */
const longestTag = 127;

/** The secret without which the rest is worth nothing, and the key of all. */
export interface Anchor {
  readonly identifierKey: Secret;
  readonly keyId: string;
}

/** Notes in the tags of a platform's secrets where its data is, for whoever has no stack and no outputs any more: `npm run left-behind`. */
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

/** @throws Error where the platform lies so deep in its app that a tag has no room for an id */
function holding({ stack, logicalId }: CfnResource): string {
  const tag = `${holdsTag}${stack.resolve(logicalId)}`;
  if (tag.length > longestTag)
    throw new Error(
      `the platform is placed too deep: a tag would be ${tag.length} characters long, and may be ${longestTag}: ${tag}`,
    );
  return tag;
}

const holdsData = (child: IConstruct): child is CfnResource =>
  CfnResource.isCfnResource(child) && foundBy.has(child.cfnResourceType);
