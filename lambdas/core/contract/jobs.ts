/** The jobs of the lake, in the order in which each builds on those before it. */
export const jobNames = ['events', 'identities', 'profiles', 'marts', 'maintain'] as const;

/** The job that finds people who share no identifier; it is there where `identity.matching` is configured. */
export const matchingJob = 'matches';
export type JobName = (typeof jobNames)[number] | typeof matchingJob;

/** The jobs of a deployment in their order, with or without that of matching. */
export const jobsInOrder = (matching: boolean): readonly JobName[] =>
  jobNames.flatMap((job): JobName[] => (matching && job === 'marts' ? [matchingJob, job] : [job]));
