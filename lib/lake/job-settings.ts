import { Duration, Token } from 'aws-cdk-lib';
import {
  filesJob,
  isStartedApart,
  type JobName,
  matchingJob,
  queriesJob,
  recordsJob,
} from '../../lambdas/core/contract/jobs.ts';
import { cronFlaw, isTooOftenForGlue } from './cron.ts';

/** Worker types of Glue 5.1 for Spark: G.1X has 4 cores and 16 GB, G.nX n times that; R types have twice the memory. */
export const workerTypes = ['G.1X', 'G.2X', 'G.4X', 'G.8X', 'G.12X', 'G.16X', 'R.1X', 'R.2X', 'R.4X', 'R.8X'] as const;

/** Size and time limit of one job. */
export interface JobSize {
  /** Workers, 2 to 299, the first only coordinates. @default 2 */
  readonly workers?: number;
  /** Type of each worker: `G.1X` has 4 cores and 16 GB, `R` types twice the memory. @default 'G.1X' */
  readonly workerType?: (typeof workerTypes)[number];
  /** Time after which Glue ends a run, 1 minute to 7 days. @default Duration.hours(2) */
  readonly timeout?: Duration;
}

/** Settings of a job whose result no later job needs, so it can have a schedule of its own. */
export interface ApartJobSize extends JobSize {
  /** Start of the job: a cron expression of Glue, UTC. @default - After the job before it */
  readonly schedule?: string;
}

/** Settings of the lake's jobs. A field that a job leaves out comes from `all`, then from its default. */
export interface JobsProps {
  /** Settings of every job. @default - The defaults of each field */
  readonly all?: JobSize;
  /** Cleans raw events into the table `events`. @default - Those of `all` */
  readonly events?: JobSize;
  /** Decides again which identifiers are one person. @default - Those of `all` */
  readonly identities?: JobSize;
  /** Makes profiles, segments and corrections. @default - Those of `all` */
  readonly profiles?: JobSize;
  /** Finds people who share no identifier; exists only with `identity.matching`. @default - Those of `all` */
  readonly matches?: ApartJobSize;
  /** Gathers what new definitions need of history; only a command starts it. @default - Those of `all` */
  readonly histories?: JobSize;
  /** Compares records with their last versions; exists only with a source of records. @default - Those of `all` */
  readonly records?: JobSize;
  /** Splits large files; exists only with a source of them. @default - Those of `all`; a run has 48 hours */
  readonly files?: JobSize;
  /** Makes the marts, the tables for analysts. @default - Those of `all` */
  readonly marts?: ApartJobSize;
  /** Tells what changed in the answers of queries; exists only with a source of kind `query`. @default - Those of `all` */
  readonly queries?: ApartJobSize;
  /** Compacts tables and removes old snapshots. @default - Those of `all` */
  readonly maintain?: ApartJobSize;
}

/** What one job is made with. */
export interface JobSettings extends Required<JobSize> {
  readonly schedule?: string;
}

/** Job settings that are not valid; `flaws` names each field, its value and what it must be. */
export class InvalidJobs extends Error {
  override readonly name = 'InvalidJobs';
  readonly flaws: readonly string[];

  constructor(flaws: readonly string[]) {
    super(`the platform's jobs are not valid:\n${flaws.map((flaw) => `  - ${flaw}`).join('\n')}`);
    this.flaws = flaws;
  }
}

const tooOften = 'Glue starts jobs at most every five minutes';
const mostWorkers = 299;
const mostMinutes = 7 * 24 * 60;
const byDefault = { workers: 2, workerType: 'G.1X', timeout: Duration.hours(2) } as const;
const longer = { timeout: Duration.hours(48) } as const;
const neededFor = new Map([
  [matchingJob, 'identity.matching'],
  [recordsJob, 'a source whose rows are records'],
  [queriesJob, 'a source of kind query'],
  [filesJob, 'a source of kind files with largeFiles'],
]);
const mayBeApart: readonly string[] = [matchingJob, 'marts', queriesJob, 'maintain'];

/**
 * The settings of every job of a deployment, with defaults filled in.
 * @throws InvalidJobs that names every wrong field
 */
export function jobSettings(
  jobs: readonly JobName[],
  given: JobsProps = {},
  batchSchedule?: string,
): ReadonlyMap<JobName, JobSettings> {
  const flaws = [
    ...scheduleFlaws('batchSchedule', batchSchedule),
    ...Object.entries(givenFields(given)).flatMap(([name, settings]) => jobFlaws(jobs, name, settings)),
  ];
  if (flaws.length > 0) throw new InvalidJobs(flaws);
  return new Map(
    jobs.map((job) => [
      job,
      { ...byDefault, ...(job === filesJob && longer), ...givenFields(given.all), ...givenFields(given[job]) },
    ]),
  );
}

/** The fields that have a value; a field that is undefined keeps its default. */
const givenFields = (settings: object = {}): object =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));

function jobFlaws(jobs: readonly JobName[], name: string, settings: unknown): string[] {
  const known: readonly string[] = ['all', ...jobs];
  const reason = neededFor.has(name) ? `it exists only with ${neededFor.get(name)}` : `known: ${known.join(', ')}`;
  if (!known.includes(name)) return [`jobs.${name}: unknown job; ${reason}`];
  if (typeof settings !== 'object' || settings === null)
    return [`jobs.${name}: is ${shown(settings)}, and must be an object, e.g. { workers: 4 }`];
  return Object.entries(givenFields(settings)).flatMap(([field, value]) =>
    fieldFlaws(name, `jobs.${name}.${field}`, field, value),
  );
}

function fieldFlaws(job: string, path: string, field: string, value: unknown): string[] {
  if (Token.isUnresolved(value)) return [];
  const wanted = (what: string): string[] => [`${path}: is ${shown(value)}, and must be ${what}`];
  switch (field) {
    case 'workers':
      return isWhole(value, 2, mostWorkers)
        ? []
        : wanted(`a whole number from 2 to ${mostWorkers} (the first worker only coordinates)`);
    case 'workerType':
      return workerTypes.some((type) => type === value) ? [] : wanted(`one of ${workerTypes.join(', ')}`);
    case 'timeout':
      return value instanceof Duration &&
        (value.isUnresolved() || isWhole(value.toSeconds({ integral: false }) / 60, 1, mostMinutes))
        ? []
        : wanted('a Duration of 1 minute to 7 days, in whole minutes');
    case 'schedule':
      if (!mayBeApart.includes(job))
        return [`${path}: only ${mayBeApart.join(', ')} may have one; batchSchedule starts the others`];
      return scheduleFlaws(path, value);
    default:
      return [`${path}: unknown field; known: workers, workerType, timeout, schedule`];
  }
}

/** What is wrong with the schedule of a job, if there is one. */
export function scheduleFlaws(path: string, value: unknown): string[] {
  if (value === undefined || Token.isUnresolved(value)) return [];
  const flaw =
    typeof value === 'string'
      ? (cronFlaw(value) ?? (isTooOftenForGlue(value) ? tooOften : undefined))
      : 'it must be a text';
  return flaw === undefined
    ? []
    : [`${path}: is ${shown(value)}, and must be a cron expression of Glue, e.g. "cron(15 0/6 * * ? *)": ${flaw}`];
}

const isWhole = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= most;

/** Prints numbers without JSON, which has no word for NaN. */
const shown = (value: unknown): string => {
  if (value instanceof Duration) return value.toHumanString();
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
};

/**
 * The last job of each chain and its schedule: a job with its own schedule is a chain of one, all others that are
 * scheduled form one chain.
 */
export function endsOf(settings: ReadonlyMap<JobName, JobSettings>, schedule: string): ReadonlyMap<JobName, string> {
  const jobs = [...settings].filter(([job]) => !isStartedApart(job));
  const last = jobs.findLast(([, { schedule: own }]) => own === undefined);
  const apart = jobs.flatMap(([job, { schedule: own }]): [JobName, string][] =>
    own === undefined ? [] : [[job, own]],
  );
  return new Map([...(last === undefined ? [] : [[last[0], schedule] as const]), ...apart]);
}
