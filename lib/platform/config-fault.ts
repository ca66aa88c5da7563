import { InvalidConfig } from '../../lambdas/core/config/config.ts';
import { InvalidProps } from '../blocks/invalid-props.ts';
import { InvalidJobs } from '../lake/job-settings.ts';
import { WheelUnusable } from '../lake/wheels.mjs';

/** Errors that a person must fix; each message names the value, its place and what it must be. */
const faults = [InvalidConfig, InvalidProps, InvalidJobs, WheelUnusable];

/**
 * Makes the stacks of an app. For an error in the configuration it prints the message without a stack trace and exits
 * with 1.
 */
export function orTellFault(make: () => void): void {
  try {
    make();
  } catch (error) {
    if (!(error instanceof Error && faults.some((fault) => error instanceof fault))) throw error;
    console.error(error.message);
    // Without an exit the CDK would synthesize an incomplete app.
    process.exit(1);
  }
}
