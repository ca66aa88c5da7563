import { fullDiff, type ResourceDifference, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import type { StackResource } from '../platform/assembly-templates.ts';
import { type LastingPart, lastingTypes } from './lasting-part.ts';
import { tableChanges } from './table-changes.ts';
import type { UpgradeChange } from './upgrade-change.ts';

const replaces: readonly string[] = [
  ResourceImpact.WILL_REPLACE,
  ResourceImpact.MAY_REPLACE,
  ResourceImpact.WILL_DESTROY,
  ResourceImpact.WILL_ORPHAN,
];

/** Properties that CloudFormation updates in place although the old content is lost. */
const endings: readonly {
  readonly type: string;
  readonly property: string;
  readonly part?: string;
  readonly because: string;
}[] = [
  {
    type: 'AWS::SecretsManager::Secret',
    property: 'GenerateSecretString',
    because: 'Secrets Manager generates a new value, and the old one is lost',
  },
  {
    type: 'AWS::Glue::Database',
    property: 'DatabaseInput',
    part: 'Name',
    because: 'Glue makes another database without the tables',
  },
  {
    type: 'AWS::DynamoDB::Table',
    property: 'StreamSpecification',
    because: 'a new stream begins, and changes that publish has not read are lost',
  },
  { type: 'AWS::KMS::Key', property: 'KeySpec', because: 'a key cannot change its kind' },
  { type: 'AWS::KMS::Key', property: 'KeyUsage', because: 'a key cannot change its kind' },
  { type: 'Custom::', property: 'ServiceToken', because: 'CloudFormation refuses such an update' },
];

/** All differences between the last release and now in the parts that must last. */
export const upgradeChanges = (last: LastingPart, now: LastingPart): UpgradeChange[] =>
  [...new Set([...Object.keys(last), ...Object.keys(now)])].sort().flatMap((path) => {
    const [before, after] = [last[path] ?? { Resources: {} }, now[path] ?? { Resources: {} }];
    const { resources } = fullDiff(before, after);
    return [
      ...resources.logicalIds.flatMap((id) => changesOf(path === '' ? id : `${path}/${id}`, resources.get(id))),
      ...outputChanges(before.Outputs ?? {}, after.Outputs ?? {}),
    ];
  });

function changesOf(id: string, change: ResourceDifference): UpgradeChange[] {
  if (!change.isDifferent) return [];
  const [before, after] = [change.oldValue as StackResource | undefined, change.newValue as StackResource | undefined];
  if (before === undefined) return [{ id, what: 'is new', weight: 'added' }];
  const why = lastingTypes.get(before.Type) ?? 'others know it by its name';
  if (after === undefined) return [{ id, what: `is missing: ${why}`, weight: 'loses' }];
  const properties = Object.entries(change.propertyUpdates);
  if (before.Type !== after.Type || replaces.includes(change.changeImpact)) {
    const culprits = properties
      .filter(([, { changeImpact = '' }]) => replaces.includes(changeImpact))
      .map(([name]) => name);
    return [{ id, what: `would be replaced (${culprits.join(', ') || 'Type'}): ${why}`, weight: 'loses' }];
  }
  const isTables = before.Type === 'Custom::LakeTables';
  const updates = properties.map(([name]) => name).filter((name) => !(isTables && name === 'Tables'));
  const tables = isTables ? tableChanges(before, after) : [];
  return [...endingsOf(before, after), ...weakened(before, after), ...tables, ...updated(updates)].map((change) => ({
    id,
    ...change,
  }));
}

type ChangeOfResource = Omit<UpgradeChange, 'id'>;

const endingsOf = (before: StackResource, after: StackResource): ChangeOfResource[] =>
  endings
    .filter(
      ({ type, property, part }) =>
        before.Type.startsWith(type) && written(before, property, part) !== written(after, property, part),
    )
    .map(({ property, part, because }) => ({
      what: `has a different ${[property, ...(part === undefined ? [] : [part])].join('.')}: ${because}`,
      weight: 'loses',
    }));

function written({ Properties = {} }: StackResource, property: string, part?: string): string | undefined {
  const value = Properties[property] as Record<string, unknown> | undefined;
  return JSON.stringify(part === undefined ? value : value?.[part]);
}

/** A retained resource must stay retained. */
const weakened = (before: StackResource, after: StackResource): ChangeOfResource[] =>
  (['DeletionPolicy', 'UpdateReplacePolicy'] as const)
    .filter((policy) => before[policy] !== after[policy])
    .map((policy) => ({
      what: `has the ${policy} ${after[policy] ?? 'Delete'} instead of ${before[policy] ?? 'Delete'}`,
      weight: /^Retain/.test(before[policy] ?? '') && !/^Retain/.test(after[policy] ?? '') ? 'loses' : 'told',
    }));

const updated = (properties: readonly string[]): ChangeOfResource[] =>
  properties.length === 0 ? [] : [{ what: `is updated in place: ${properties.join(', ')}`, weight: 'told' }];

const outputChanges = (before: object, after: object): UpgradeChange[] => [
  ...Object.keys(before)
    .filter((id) => !(id in after))
    .map((id) => ({
      id,
      what: 'is missing from the outputs: commands and other stacks find it by its name',
      weight: 'loses' as const,
    })),
  ...Object.keys(after)
    .filter((id) => !(id in before))
    .map((id) => ({ id, what: 'is a new output', weight: 'added' as const })),
];
