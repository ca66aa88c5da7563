/** The jobs of the lake in order; each builds on the ones before it. */
export const jobNames = ['events', 'identities', 'profiles', 'marts', 'maintain'] as const;

/** The job that finds people who share no identifier; it exists only with `identity.matching`. */
export const matchingJob = 'matches';
export type JobName = (typeof jobNames)[number] | typeof matchingJob;

/** The jobs of a deployment in order, with or without matching. */
export const jobsInOrder = (matching: boolean): readonly JobName[] =>
  jobNames.flatMap((job): JobName[] => (matching && job === 'marts' ? [matchingJob, job] : [job]));
