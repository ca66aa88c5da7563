import type { Line } from '../lake/measurements.ts';
import { prices } from '../metering/prices.ts';

/** Jobs of imports whose growth is measured. */
export const grownJobs = ['files', 'database', 'api', 'new', 'changed', 'unchanged'] as const;
export type GrownJob = (typeof grownJobs)[number];

/** Workers of each job on Glue, of one data processing unit each. */
const workers = 2;

/**
 * Hours of a data processing unit per million rows, from how much longer a job takes with more rows: a second on the
 * two cores of this machine counts as one on Glue, whose workers have four each. The time to start is left out, because
 * rows do not change it.
 */
export function glueHours([small, large]: readonly [Line, Line], job: GrownJob): number {
  const rows = Number(large.rows) - Number(small.rows);
  const seconds = Number(large[job]) - Number(small[job]);
  return ((seconds / rows) * 1e6 * workers) / 3600;
}

/** Dollars of a run that has nothing to do, a minute, which is the least that Glue bills. */
export const leastRun = (60 * workers * prices.glueHour.dollars) / 3600;
