import { CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { paginateListSecrets, type SecretListEntry, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { holdsTag, keyTag, ownIdTag, stackTag } from '../lib/retained.ts';

/** Where the data of one deployment is. */
export interface KeptData {
  /** Id of the key that all of it is encrypted with. */
  readonly key: string;
  readonly since: Date;
  readonly account: string;
  /** Name of the stack that made it. */
  readonly madeBy: string;
  /** Name of the stack that has it; undefined where that was deleted. */
  readonly stack: string | undefined;
  /** By its id in the template: the name, or for a secret the ARN. */
  readonly places: ReadonlyMap<string, string>;
}

/** Finds the data of all deployments in an account and region by the tags of their secrets; what is of one deployment shares one key. */
export async function keptData(where: object): Promise<KeptData[]> {
  const secrets: SecretListEntry[] = [];
  const pages = paginateListSecrets({ client: new SecretsManagerClient(where) }, { Filters: [{ Key: 'tag-key', Values: [ownIdTag] }] });
  for await (const { SecretList = [] } of pages) secrets.push(...SecretList);
  const deployments = [...Map.groupBy(secrets, (secret) => tagsOf(secret).get(keyTag) ?? '')];
  return Promise.all(deployments.map(([key, own]) => dataOf(where, key, own)));
}

async function dataOf(where: object, key: string, secrets: readonly SecretListEntry[]): Promise<KeptData> {
  const places = new Map<string, string>();
  for (const secret of secrets)
    for (const [tag, value] of tagsOf(secret)) {
      if (tag === ownIdTag) places.set(value, secret.ARN ?? '');
      if (tag.startsWith(holdsTag)) places.set(tag.slice(holdsTag.length), value);
    }
  const owners = await Promise.all(secrets.map(({ ARN = '' }) => stackOf(where, ARN)));
  const since = new Date(Math.min(...secrets.map(({ CreatedDate }) => CreatedDate?.getTime() ?? Number.POSITIVE_INFINITY)));
  const [first = {}] = secrets;
  const [, , , , account = ''] = (first.ARN ?? '').split(':');
  return { key, since, account, madeBy: tagsOf(first).get(stackTag) ?? '', stack: owners.find((owner) => owner !== undefined), places };
}

const tagsOf = ({ Tags = [] }: SecretListEntry): Map<string, string> => new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));

/** CloudFormation knows resources of deleted stacks for a while, as skipped. */
const gone: readonly unknown[] = ['DELETE_SKIPPED', 'DELETE_COMPLETE'];

async function stackOf(where: object, PhysicalResourceId: string): Promise<string | undefined> {
  try {
    const { StackResources = [] } = await new CloudFormationClient(where).send(new DescribeStackResourcesCommand({ PhysicalResourceId }));
    const held = StackResources.find((resource) => resource.PhysicalResourceId === PhysicalResourceId && !gone.includes(resource.ResourceStatus));
    return held?.StackName;
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
}
