import * as z from 'zod';

/** The schedule of a job that somebody starts, and no clock. */
export const notScheduled = 'none';

/** When the job of a source starts. */
export const Schedule = z.string().default('cron(0 * * * ? *)');
