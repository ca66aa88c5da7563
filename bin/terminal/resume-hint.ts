import { Stopped } from '../../lambdas/operations/lake-walk.ts';

/** Adds to an error of a walk through the lake how to continue. */
export const tellHowToGoOn =
  (progressPath: string) =>
  (error: Error): never => {
    throw new Error(
      `${error instanceof Stopped ? 'stopped' : error.message}; the same command continues (${progressPath})`,
    );
  };
