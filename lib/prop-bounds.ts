import { type Duration, Token } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { analystFlaws } from './lake-formation.ts';
import type { Bounds, CustomerDataPlatformProps, DeliverSize, FunctionSize, TableCapacity } from './platform-props.ts';

/** Props that AWS would refuse in the middle of a deployment, each with what is wrong. */
export class InvalidProps extends Error {
  override readonly name = 'InvalidProps';
  constructor(flaws: readonly string[]) {
    super(`the props of the platform are not valid:${flaws.map((flaw) => `\n  - ${flaw}`).join('')}`);
  }
}

/** Refuses what AWS would refuse, before anything is made. */
export function checkProps(props: CustomerDataPlatformProps): void {
  const { shards, eventRetention, batchingWindow, rawRetention, exportSchedule, collect, stitch, deliver, table, logRetention } = props;
  const flaws = [
    ...within('shards', shards, 0, 10_000),
    ...within('eventRetention in hours', hours(eventRetention), 24, 8760),
    ...within('batchingWindow in seconds', batchingWindow?.toSeconds({ integral: false }), 0, 300),
    ...within('rawRetention in days', rawRetention?.toDays({ integral: false }), 1, 36_500),
    ...within('requestsPerSecond', props.requestsPerSecond, 1, 1_000_000),
    ...within('profileCallsPerSecond', props.profileCallsPerSecond, 1, 1_000_000),
    ...scheduleFlaws(exportSchedule),
    ...sizeFlaws('collect', collect),
    ...sizeFlaws('stitch', stitch),
    ...within('stitch.parallelizationFactor', stitch?.parallelizationFactor, 1, 10),
    ...within('stitch.batchSize', stitch?.batchSize, 1, 10_000),
    ...readersFlaws(props),
    ...sizeFlaws('deliver', deliver),
    ...deliverFlaws(deliver),
    ...tableFlaws(table),
    ...analystFlaws(props.lakeFormation),
    ...(logRetention === RetentionDays.INFINITE ? ['logRetention: must end; got for ever'] : []),
  ];
  if (flaws.length > 0) throw new InvalidProps(flaws);
}

/** A whole number between two, where there is one; a token is known only to CloudFormation. */
function within(name: string, value: number | undefined, min: number, max: number): string[] {
  if (value === undefined || Token.isUnresolved(value)) return [];
  return Number.isInteger(value) && value >= min && value <= max ? [] : [`${name}: must be a whole number from ${min} to ${max}; got ${value}`];
}

const hours = (duration: Duration | undefined): number | undefined => duration?.toHours({ integral: false });

/** The forms of EventBridge Scheduler, or none. */
const scheduleFlaws = (schedule = 'off'): string[] =>
  Token.isUnresolved(schedule) || /^(off|cron\(.+\)|rate\(.+\))$/.test(schedule)
    ? []
    : [`exportSchedule: must be cron(…), rate(…) or off; got ${schedule}`];

const sizeFlaws = (name: string, size: FunctionSize = {}): string[] => [
  ...within(`${name}.memorySize`, size.memorySize, 128, 10_240),
  ...within(`${name}.reservedConcurrency`, size.reservedConcurrency, 1, 100_000),
];

/** With fewer executions than batches at once, Lambda is throttled and some shards wait. */
function readersFlaws({ shards = 1, stitch: { parallelizationFactor = 1, reservedConcurrency } = {} }: CustomerDataPlatformProps): string[] {
  const needed = shards * parallelizationFactor;
  if (reservedConcurrency === undefined || reservedConcurrency >= needed) return [];
  return [`stitch.reservedConcurrency: ${shards} shards with ${parallelizationFactor} batches each need ${needed}; got ${reservedConcurrency}`];
}

/** Lambda receives for as many executions as the mapping allows, ten by default; what it then may not execute loses one of its receives. */
function deliverFlaws({ maxConcurrency = 10, reservedConcurrency = 1_000 }: DeliverSize = {}): string[] {
  const bounds = within('deliver.maxConcurrency', maxConcurrency, 2, 1_000);
  if (maxConcurrency <= reservedConcurrency) return bounds;
  return [...bounds, `deliver.maxConcurrency: must not be above deliver.reservedConcurrency, ${reservedConcurrency}; got ${maxConcurrency}`];
}

function tableFlaws({ warmThroughput: warm, provisioned }: TableCapacity = {}): string[] {
  // What a table has from its first second on; a provisioned one begins with what is provisioned.
  const [reads, writes] = provisioned === undefined ? [12_000, 4000] : [1, 1];
  return [
    ...within('table.warmThroughput.readUnitsPerSecond', warm?.readUnitsPerSecond, reads, 10_000_000),
    ...within('table.warmThroughput.writeUnitsPerSecond', warm?.writeUnitsPerSecond, writes, 10_000_000),
    ...boundsFlaws('table.provisioned.readUnits', provisioned?.readUnits),
    ...boundsFlaws('table.provisioned.writeUnits', provisioned?.writeUnits),
    ...within('table.provisioned.targetUtilization', provisioned?.targetUtilization, 20, 90),
  ];
}

function boundsFlaws(name: string, bounds: Bounds | undefined): string[] {
  if (bounds === undefined) return [];
  return [...within(`${name}.min`, bounds.min, 1, 10_000_000), ...within(`${name}.max`, bounds.max, bounds.min, 10_000_000)];
}
