import { InvalidConfig } from '../../lambdas/core/config/config.ts';
import { InvalidProps } from '../blocks/invalid-props.ts';
import { InvalidJobs } from '../lake/job-settings.ts';
import { WheelUnusable } from '../lake/wheels.mjs';

/** What somebody has to change, each with a message that says what was wrong, where and what is wanted. */
const faults = [InvalidConfig, InvalidProps, InvalidJobs, WheelUnusable];

/** Makes the stacks of an app. A fault of its configuration is told without a trace, which would say where it was found and not where it is, and ends the app with 1. */
export function orTellFault(make: () => void): void {
  try {
    make();
  } catch (error) {
    if (!(error instanceof Error && faults.some((fault) => error instanceof fault))) throw error;
    console.error(error.message);
    // An app that goes on is synthesized as far as it came.
    process.exit(1);
  }
}
