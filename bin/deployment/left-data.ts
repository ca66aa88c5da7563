import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { paginateListSecrets, type SecretListEntry, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import pMap from 'p-map';
import { holdsTag, keyTag, ownIdTag, stackTag } from '../../lib/platform/retained.ts';

/** The data of one deployment and where it is. */
export interface LeftData {
  /** Id of the key that encrypts all of it. */
  readonly key: string;
  readonly since: Date;
  readonly account: string;
  /** Name of the stack that made it. */
  readonly madeBy: string;
  /** Whether a stack still uses it; then only the resources in `places` are left. */
  readonly held: boolean;
  /** Names, or ARNs of secrets, by the id in the template. */
  readonly places: ReadonlyMap<string, string>;
}

/** Called for a secret when CloudFormation cannot tell whether a stack has it. */
type Unknown = (arn: string, error: unknown) => void;

const notAtAll: Unknown = (_, error) => {
  throw error;
};

/**
 * Finds data of the platform that belongs to no stack in an account and region, by the tags of secrets; one key marks
 * one deployment. If it is unclear whether a stack has a secret, it throws, or calls `unknown` and counts the secret as
 * in use.
 */
export async function leftData(where: object, unknown = notAtAll): Promise<LeftData[]> {
  const secrets: SecretListEntry[] = [];
  const pages = paginateListSecrets(
    { client: new SecretsManagerClient(where) },
    { Filters: [{ Key: 'tag-key', Values: [ownIdTag] }] },
  );
  for await (const { SecretList = [] } of pages) secrets.push(...SecretList.filter((secret) => keyOf(secret) !== ''));
  const looked = ({ ARN = '' }: SecretListEntry) =>
    isInStack(where, ARN).catch((error: unknown) => {
      unknown(ARN, error);
      return true;
    });
  const inStacks = await pMap(secrets, looked, { concurrency: 4 });
  const left = secrets.filter((_, at) => !inStacks[at]);
  const all = Map.groupBy(secrets, keyOf);
  return [...Map.groupBy(left, keyOf)].map(([key, own]) => dataOf(key, own, own.length < (all.get(key)?.length ?? 0)));
}

function dataOf(key: string, secrets: readonly SecretListEntry[], held: boolean): LeftData {
  const places = new Map<string, string>();
  for (const secret of secrets)
    for (const [tag, value] of tagsOf(secret)) {
      if (tag === ownIdTag) places.set(value, secret.ARN ?? '');
      if (tag.startsWith(holdsTag)) places.set(tag.slice(holdsTag.length), value);
    }
  const since = new Date(
    Math.min(...secrets.map(({ CreatedDate }) => CreatedDate?.getTime() ?? Number.POSITIVE_INFINITY)),
  );
  const [first = {}] = secrets;
  const [, , , , account = ''] = (first.ARN ?? '').split(':');
  return { key, since, account, madeBy: tagsOf(first).get(stackTag) ?? '', held, places };
}

const keyOf = (secret: SecretListEntry): string => tagsOf(secret).get(keyTag) ?? '';
const tagsOf = ({ Tags = [] }: SecretListEntry): Map<string, string> =>
  new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));

/** CloudFormation lists resources of deleted stacks for a while, as skipped. */
const gone: readonly unknown[] = ['DELETE_SKIPPED', 'DELETE_COMPLETE'];

interface StackPart {
  readonly PhysicalResourceId?: string | undefined;
  readonly ResourceStatus?: string | undefined;
}

async function isInStack(where: object, PhysicalResourceId: string): Promise<boolean> {
  const client = new CloudFormationClient(where);
  const has = (parts: readonly StackPart[]) =>
    parts.some((part) => part.PhysicalResourceId === PhysicalResourceId && !gone.includes(part.ResourceStatus));
  try {
    // CloudFormation returns the first hundred resources of the stack, which may not include this one.
    const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ PhysicalResourceId }));
    if (StackResources.some((part) => part.PhysicalResourceId === PhysicalResourceId)) return has(StackResources);
    const { StackId: StackName } = StackResources[0] ?? {};
    if (StackName === undefined) return false;
    for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName }))
      if (has(StackResourceSummaries)) return true;
    return false;
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message))
      return false;
    throw error;
  }
}
