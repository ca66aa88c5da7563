/** The jobs of the lake in order; each builds on the ones before it. */
export const jobNames = ['events', 'identities', 'profiles', 'marts', 'maintain'] as const;

/** The job that finds people who share no identifier; it exists only with `identity.matching`. */
export const matchingJob = 'matches';

/** The job that gathers what new definitions need of history; only `npm run segment -- apply` starts it. */
export const historiesJob = 'histories';
export type JobName = (typeof jobNames)[number] | typeof matchingJob | typeof historiesJob;

/** The jobs of a deployment that a schedule starts, in order, with or without matching. */
export const jobsInOrder = (matching: boolean): readonly JobName[] =>
  jobNames.flatMap((job): JobName[] => (matching && job === 'marts' ? [matchingJob, job] : [job]));
