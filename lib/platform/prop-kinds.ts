import type { StackProps } from 'aws-cdk-lib';
import { isObject } from '../../lambdas/core/values/json.ts';
import type { LakeFormationProps } from '../analytics/lake-formation.ts';
import type { Bounds, DeliverSize, ProvisionedCapacity, StitchSize, TableCapacity } from '../blocks/capacity-props.ts';
import type { CustomerDataPlatformProps } from './platform-props.ts';

/** What a prop must be; an object with declared fields allows no others. */
interface Kind {
  readonly wanted: string;
  readonly is: (value: unknown) => boolean;
  readonly fields?: Readonly<Record<string, Kind>>;
  readonly required?: boolean;
}

const ofType = (type: string, wanted: string): Kind => ({ wanted, is: (value) => typeof value === type });
/** Recognizes a CDK object by its method, because an app may have a second copy of the CDK. */
const withMethod = (method: string, wanted: string): Kind => ({
  wanted,
  is: (value) => typeof Object(value)[method] === 'function',
});
const object = (fields: Readonly<Record<string, Kind>>): Kind => ({
  wanted: `an object with ${Object.keys(fields).join(', ')}`,
  is: isObject,
  fields,
});
const required = (kind: Kind): Kind => ({ ...kind, required: true });
const anything: Kind = { wanted: 'anything', is: () => true };

const number = ofType('number', 'a number');
const text = ofType('string', 'a text');
const duration = withMethod('toSeconds', 'a Duration, e.g. Duration.hours(1)');
const size = { memorySize: number, reservedConcurrency: number };
const bounds = required(object({ min: required(number), max: required(number) } satisfies Record<keyof Bounds, Kind>));
const provisioned = { readUnits: bounds, writeUnits: bounds, targetUtilization: number } satisfies Record<
  keyof ProvisionedCapacity,
  Kind
>;
const table = {
  warmThroughput: object({ readUnitsPerSecond: number, writeUnitsPerSecond: number }),
  provisioned: object(provisioned),
} satisfies Record<keyof TableCapacity, Kind>;
const stitch = { ...size, parallelizationFactor: number, batchSize: number } satisfies Record<keyof StitchSize, Kind>;
const deliver = { ...size, maxConcurrency: number } satisfies Record<keyof DeliverSize, Kind>;
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every((entry) => typeof entry === 'string');
const grants = object({ analysts: { wanted: 'a list of ARNs', is: isTexts } } satisfies Record<
  keyof LakeFormationProps,
  Kind
>);

const platform = {
  config: anything,
  removalPolicy: {
    wanted: 'RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, RETAIN or DESTROY',
    is: (value) => ['retain-on-update-or-delete', 'retain', 'destroy'].includes(String(value)),
  },
  shards: number,
  eventRetention: duration,
  batchingWindow: duration,
  rawRetention: duration,
  recoveryWindow: duration,
  requestsPerSecond: number,
  profileCallsPerSecond: number,
  batchSchedule: anything,
  // The configuration decides which jobs exist, so their settings are checked with it.
  jobs: { wanted: 'an object of jobs', is: isObject },
  lakeFormation: {
    ...grants,
    wanted: `true, false or ${grants.wanted}`,
    is: (value) => typeof value === 'boolean' || isObject(value),
  },
  exportSchedule: text,
  scanLimit: withMethod('toBytes', 'a Size, e.g. Size.gibibytes(100)'),
  alarmEmail: text,
  alarmTopic: withMethod('grantPublish', 'a topic, e.g. Topic.fromTopicArn(…)'),
  collect: object(size),
  stitch: object(stitch),
  deliver: object(deliver),
  wakesPerSecond: number,
  importShare: number,
  table: object(table),
  dashboard: ofType('boolean', 'true or false'),
  logRetention: number,
} satisfies Record<keyof CustomerDataPlatformProps, Kind>;

/** Props of a stack. */
const ofStack = {
  description: anything,
  env: anything,
  stackName: anything,
  tags: anything,
  notificationArns: anything,
  synthesizer: anything,
  terminationProtection: anything,
  analyticsReporting: anything,
  crossRegionReferences: anything,
  permissionsBoundary: anything,
  suppressTemplateIndentation: anything,
  propertyInjectors: anything,
} satisfies Record<keyof StackProps, Kind>;

/** Flaws of props: a wrong type, which JavaScript allows, or an unknown name, each with the known ones. */
export const kindFlaws = (props: object): string[] =>
  flawsIn('', { ...ofStack, ...platform }, Object.keys(platform), props);

function flawsIn(
  path: string,
  fields: Readonly<Record<string, Kind>>,
  known: readonly string[],
  given: object,
): string[] {
  const unknown = Object.entries(given).filter(([name, value]) => value !== undefined && !Object.hasOwn(fields, name));
  return [
    ...unknown.map(([name]) => `${path}${name}: unknown prop; known: ${known.join(', ')}`),
    ...Object.entries(fields).flatMap(([name, kind]) =>
      flawsOf(`${path}${name}`, kind, (given as Record<string, unknown>)[name]),
    ),
  ];
}

function flawsOf(path: string, kind: Kind, value: unknown): string[] {
  if (value === undefined) return kind.required ? [`${path}: must be ${kind.wanted}; it is missing`] : [];
  if (!kind.is(value)) return [`${path}: must be ${kind.wanted}; got ${shown(value)}`];
  return kind.fields && isObject(value)
    ? flawsIn(`${path}.`, kind.fields, Object.keys(kind.fields), Object(value))
    : [];
}

/** A short form that never prints the inside of a CDK object, which refers to all others. */
const shown = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
};
