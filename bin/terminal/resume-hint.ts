import { Stopped } from '../../lambdas/operations/lake-walk.ts';

/** Says of whatever ended a walk through the lake how to go on. */
export const tellHowToGoOn =
  (progressPath: string) =>
  (error: Error): never => {
    throw new Error(
      `${error instanceof Stopped ? 'stopped' : error.message}; the same command goes on where it stopped (${progressPath})`,
    );
  };
