import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';

/** A resource of a deployment: its id in the template, its name in the account, and its type. */
export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
}

/** All resources of a stack, those of its nested stacks included. */
export async function stackResources(where: object, stack: string): Promise<StackResource[]> {
  const client = new CloudFormationClient(where);
  const found: StackResource[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: stack }))
    for (const { LogicalResourceId: logicalId = '', PhysicalResourceId: physicalId = '', ResourceType: type = '' } of StackResourceSummaries)
      found.push({ logicalId, physicalId, type });
  const nested = found.filter(({ type }) => type === 'AWS::CloudFormation::Stack');
  return [...found, ...(await Promise.all(nested.map(({ physicalId }) => stackResources(where, physicalId)))).flat()];
}

/** The one resource of a type whose id in the template holds a text; undefined where there is none. */
export const resourceNamed = (resources: readonly StackResource[], type: string, text: string): StackResource | undefined =>
  resources.find((resource) => resource.type === type && resource.logicalId.includes(text));
