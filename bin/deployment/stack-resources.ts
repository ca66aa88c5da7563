import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import pMap from 'p-map';
import { pascalCase } from '../../lambdas/core/contract/outputs.ts';

/** A resource of a deployment: its id in the template, its name in the account, and its type. */
export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  /** Id of the nested stack that it is in; undefined in the stack itself. */
  readonly within?: string;
}

/** Called for a nested stack whose resources cannot be listed. */
type Unlisted = (nested: StackResource, error: unknown) => void;

const notAtAll: Unlisted = (_, error) => {
  throw error;
};

/**
 * All resources of a stack and its nested stacks. If a nested stack cannot be listed, it throws or calls `unlisted`.
 */
export async function stackResources(where: object, stack: string, unlisted = notAtAll): Promise<StackResource[]> {
  const own = await ownResources(where, stack);
  const within = async (nested: StackResource): Promise<StackResource[]> => {
    try {
      return (await stackResources(where, nested.physicalId, unlisted)).map((resource) => ({
        within: nested.logicalId,
        ...resource,
      }));
    } catch (error) {
      unlisted(nested, error);
      return [];
    }
  };
  return [...own, ...(await pMap(own.filter(isNested), within, { concurrency: 8 })).flat()];
}

/** The destination whose nested stack contains a resource, `CrmEu` for `crm-eu`; undefined for other resources. */
export const destinationOf = ({ within = '' }: Pick<StackResource, 'within'>): string | undefined =>
  /Destination(\w+?)NestedStack/.exec(within)?.[1];

/** Whether a resource is of the imports, which are a nested stack of their own. */
export const isOfImports = ({ within = '' }: Pick<StackResource, 'within'>): boolean =>
  /ImportsNestedStack/.test(within) && !/(Topics|Destination)\w*ImportsNestedStack/.test(within);

/** Whether a resource is of what reads the topics of a source of Kafka, a nested stack for each source. */
export const isOfTopics = (sourceId: string, { within = '' }: Pick<StackResource, 'within'>): boolean =>
  within.includes(`Topics${pascalCase(sourceId)}NestedStack`);

/** The queue of files and pieces that wait to be imported; undefined where no source has rows. */
export const importQueue = (resources: readonly StackResource[]): StackResource | undefined =>
  resources.find((each) => each.type === 'AWS::SQS::Queue' && /^Queue/.test(each.logicalId) && isOfImports(each));

/** Queues of destinations: one of deliveries and one of dead letters for each. */
export const destinationQueues = (resources: readonly StackResource[]): StackResource[] =>
  resources.filter((resource) => resource.type === 'AWS::SQS::Queue' && destinationOf(resource) !== undefined);

/** Whether a queue of a destination has its dead letters. */
export const hasDeadLetters = ({ logicalId }: StackResource): boolean => logicalId.startsWith('DeadLetters');

/** Outputs of the nested stack whose template id begins with a text; undefined if none does. */
export async function nestedOutputs(where: object, stack: string, text: string): Promise<Outputs | undefined> {
  const nested = (await ownResources(where, stack)).find(
    (resource) => isNested(resource) && resource.logicalId.includes(`${text}NestedStack`),
  );
  if (nested === undefined) return undefined;
  const { Stacks: [found] = [] } = await new CloudFormationClient(where).send(
    new DescribeStacksCommand({ StackName: nested.physicalId }),
  );
  return outputsOf(found);
}

/** What a stack says of itself, by output name. */
export type Outputs = Readonly<Record<string, string | undefined>>;

/** What CloudFormation tells that a stack says of itself. */
export const outputsOf = (stack: Stack | undefined): Outputs =>
  Object.fromEntries((stack?.Outputs ?? []).map(({ OutputKey = '', OutputValue }) => [OutputKey, OutputValue]));

const isNested = ({ type }: StackResource): boolean => type === 'AWS::CloudFormation::Stack';

async function ownResources(where: object, stack: string): Promise<StackResource[]> {
  const client = new CloudFormationClient(where);
  const found: StackResource[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: stack }))
    for (const {
      LogicalResourceId: logicalId = '',
      PhysicalResourceId: physicalId = '',
      ResourceType: type = '',
    } of StackResourceSummaries)
      found.push({ logicalId, physicalId, type });
  return found;
}

/** The one resource of a type whose id in the template holds a text; undefined where there is none. */
export const resourceNamed = (
  resources: readonly StackResource[],
  type: string,
  text: string,
): StackResource | undefined =>
  resources.find((resource) => resource.type === type && resource.logicalId.includes(text));
