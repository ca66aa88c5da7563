import { errorMessageOf } from '../../lambdas/core/values/thrown.ts';
import { Stopped } from '../../lambdas/operations/lake-walk.ts';

/** Adds to an error of a walk through the lake how to continue. */
export const tellHowToGoOn =
  (progressPath: string) =>
  (error: unknown): never => {
    throw new Error(
      `${error instanceof Stopped ? 'stopped' : errorMessageOf(error)}; the same command continues (${progressPath})`,
    );
  };
