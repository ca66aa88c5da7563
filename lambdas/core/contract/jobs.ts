/** The jobs of the lake in order; each builds on the ones before it. */
export const jobNames = ['events', 'identities', 'profiles', 'marts', 'maintain'] as const;

/** The job that finds people who share no identifier; it exists only with `identity.matching`. */
export const matchingJob = 'matches';

/** The job that gathers what new definitions need of history; only `npm run segment -- apply` starts it. */
export const historiesJob = 'histories';

/** The job that compares loads of records with their last versions; it exists only with such a source. */
export const recordsJob = 'records';

/** The job that splits large files into pieces; it exists only with a source of large files. */
export const filesJob = 'files';

/** The job that tells what changed in the answers of queries; it exists only with a source of kind `query`. */
export const queriesJob = 'queries';
export type JobName =
  | (typeof jobNames)[number]
  | typeof matchingJob
  | typeof queriesJob
  | typeof historiesJob
  | typeof filesJob
  | typeof recordsJob;

/** The jobs of a deployment that no schedule starts: a command does, or the rows that they wait for. */
export const jobsApart = (records: boolean, largeFiles = false): readonly JobName[] => [
  historiesJob,
  ...(records ? ([recordsJob] as const) : []),
  ...(largeFiles ? ([filesJob] as const) : []),
];

/** Whether no schedule starts a job. */
export const isStartedApart = (job: JobName): boolean => jobsApart(true, true).includes(job);

/** The jobs of a deployment that a schedule starts, in order, with or without matching and queries. */
export const jobsInOrder = (matching: boolean, queries = false): readonly JobName[] =>
  jobNames.flatMap((job): JobName[] => {
    if (job !== 'marts') return [job];
    return [...(matching ? [matchingJob] : []), job, ...(queries ? [queriesJob] : [])] as JobName[];
  });
