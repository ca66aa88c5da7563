import { type Duration, type Size, SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { analystFlaws } from '../analytics/lake-formation.ts';
import type { Bounds, DeliverSize, FunctionSize, TableCapacity } from '../blocks/capacity-props.ts';
import { InvalidProps } from '../blocks/invalid-props.ts';
import { cronFlaw } from '../lake/cron.ts';
import type { CustomerDataPlatformProps } from './platform-props.ts';
import { kindFlaws } from './prop-kinds.ts';

/** Checks props before anything is made. @throws InvalidProps that names every prop that AWS would refuse */
export function checkProps(props: CustomerDataPlatformProps): void {
  const kinds = kindFlaws(props);
  const flaws = kinds.length > 0 ? kinds : boundFlaws(props);
  if (flaws.length > 0) throw new InvalidProps(flaws);
}

function boundFlaws(props: CustomerDataPlatformProps): string[] {
  const {
    shards,
    eventRetention,
    batchingWindow,
    rawRetention,
    exportSchedule,
    collect,
    stitch,
    deliver,
    table,
    logRetention,
  } = props;
  return [
    ...known('shards', shards),
    ...known('eventRetention', eventRetention),
    ...known('rawRetention', rawRetention),
    ...known('logRetention', logRetention),
    ...known('requestsPerSecond', props.requestsPerSecond),
    ...known('wakesPerSecond', props.wakesPerSecond),
    ...known('importShare', props.importShare),
    ...within('shards', shards, 0, 10_000),
    ...within('eventRetention in hours', amount(eventRetention, 'toHours'), 24, 8760),
    ...within('batchingWindow in seconds', amount(batchingWindow, 'toSeconds'), 0, 300),
    ...within('rawRetention in days', amount(rawRetention, 'toDays'), 1, 36_500),
    ...known('recoveryWindow', props.recoveryWindow),
    ...within('recoveryWindow in days', amount(props.recoveryWindow, 'toDays'), 1, 35),
    ...within('requestsPerSecond', props.requestsPerSecond, 1, 1_000_000),
    ...within('wakesPerSecond', props.wakesPerSecond, 1, 32_000),
    ...within('importShare', props.importShare, 1, 100),
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
    ...scanFlaws(props.scanLimit),
    ...logFlaws(logRetention),
    ...emailFlaws(props.alarmEmail),
  ];
}

/** A value that shapes the template must be known at synthesis. */
const known = (name: string, value: number | Duration | undefined): string[] =>
  (typeof value === 'object' ? value.isUnresolved() : Token.isUnresolved(value))
    ? [`${name}: must be known at synthesis; got a token`]
    : [];

/** The minimum of Athena: https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfiguration.html */
const leastScan = 10_000_000;

function scanFlaws(limit: Size | undefined): string[] {
  const bytes =
    limit === undefined || limit.isUnresolved() ? leastScan : limit.toBytes({ rounding: SizeRoundingBehavior.NONE });
  return within('scanLimit in bytes', bytes, leastScan, Number.MAX_SAFE_INTEGER);
}

const emailFlaws = (email: string | undefined): string[] =>
  email === undefined || Token.isUnresolved(email) || /^[^\s@]+@[^\s@]+$/.test(email)
    ? []
    : [`alarmEmail must be an e-mail address; got ${JSON.stringify(email)}`];

function logFlaws(retention: RetentionDays | undefined): string[] {
  if (retention === RetentionDays.INFINITE) return ['logRetention: must end; got RetentionDays.INFINITE'];
  if (retention === undefined || Token.isUnresolved(retention) || RetentionDays[retention] !== undefined) return [];
  return [`logRetention: must be a value of RetentionDays; got ${retention}`];
}

/** Flaws of a whole number with bounds. Only CloudFormation knows the value of a token, so a token has none. */
function within(name: string, value: number | undefined, min: number, max: number): string[] {
  if (value === undefined || Token.isUnresolved(value)) return [];
  return Number.isInteger(value) && value >= min && value <= max
    ? []
    : [`${name}: must be a whole number from ${min} to ${max}; got ${value}`];
}

const amount = (duration: Duration | undefined, unit: 'toHours' | 'toSeconds' | 'toDays'): number | undefined =>
  duration === undefined || duration.isUnresolved() ? undefined : duration[unit]({ integral: false });

/** The expressions that EventBridge Scheduler accepts, or `off`. */
function scheduleFlaws(schedule = 'off'): string[] {
  if (Token.isUnresolved(schedule) || /^(off|rate\([1-9]\d* (minute|hour|day)s?\))$/.test(schedule)) return [];
  const flaw = schedule.startsWith('cron(') ? cronFlaw(schedule) : undefined;
  if (schedule.startsWith('cron(') && flaw === undefined) return [];
  return [`exportSchedule: must be cron(…), rate(…) or off; got ${schedule}${flaw === undefined ? '' : `: ${flaw}`}`];
}

const sizeFlaws = (name: string, size: FunctionSize = {}): string[] => [
  ...within(`${name}.memorySize`, size.memorySize, 128, 10_240),
  ...within(`${name}.reservedConcurrency`, size.reservedConcurrency, 1, 100_000),
];

/** With fewer executions than concurrent batches, Lambda throttles the function and some shards wait. */
function readersFlaws({
  shards = 1,
  stitch: { parallelizationFactor = 1, reservedConcurrency } = {},
}: CustomerDataPlatformProps): string[] {
  const needed = shards * parallelizationFactor;
  if (
    reservedConcurrency === undefined ||
    [needed, parallelizationFactor, reservedConcurrency].some(Token.isUnresolved)
  )
    return [];
  if (reservedConcurrency >= needed) return [];
  return [
    `stitch.reservedConcurrency: ${shards} shards with ${parallelizationFactor} batches each need at least ${needed}; got ${reservedConcurrency}`,
  ];
}

/**
 * Lambda receives messages for as many executions as the mapping allows, ten by default. A message that it then cannot
 * execute loses one of its receives.
 */
function deliverFlaws({ maxConcurrency = 10, reservedConcurrency = 1_000 }: DeliverSize = {}): string[] {
  const bounds = within('deliver.maxConcurrency', maxConcurrency, 2, 1_000);
  if (maxConcurrency <= reservedConcurrency || Token.isUnresolved(reservedConcurrency)) return bounds;
  return [
    ...bounds,
    `deliver.maxConcurrency: must be at most deliver.reservedConcurrency (${reservedConcurrency}); got ${maxConcurrency}`,
  ];
}

function tableFlaws({ warmThroughput: warm, provisioned }: TableCapacity = {}): string[] {
  // The throughput that a new table has at once; a provisioned table starts with its provisioned capacity.
  const [reads, writes] =
    provisioned === undefined ? [12_000, 4000] : [provisioned.readUnits.min, provisioned.writeUnits.min];
  return [
    ...(warm !== undefined && Object.keys(warm).length === 0
      ? ['table.warmThroughput: must have readUnitsPerSecond, writeUnitsPerSecond or both; got neither']
      : []),
    ...within('table.warmThroughput.readUnitsPerSecond', warm?.readUnitsPerSecond, reads, 10_000_000),
    ...within('table.warmThroughput.writeUnitsPerSecond', warm?.writeUnitsPerSecond, writes, 10_000_000),
    ...boundsFlaws('table.provisioned.readUnits', provisioned?.readUnits),
    ...boundsFlaws('table.provisioned.writeUnits', provisioned?.writeUnits),
    ...within('table.provisioned.targetUtilization', provisioned?.targetUtilization, 20, 90),
  ];
}

function boundsFlaws(name: string, bounds: Bounds | undefined): string[] {
  if (bounds === undefined) return [];
  return [
    ...within(`${name}.min`, bounds.min, 1, 10_000_000),
    ...within(`${name}.max`, bounds.max, bounds.min, 10_000_000),
  ];
}
