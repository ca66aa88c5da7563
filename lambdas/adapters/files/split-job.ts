import { ConcurrentRunsExceededException, type GlueClient, StartJobRunCommand } from '@aws-sdk/client-glue';

/** A version of a file that is too large for a function. */
export interface LargeFile {
  readonly key: string;
  readonly version: string | undefined;
}

/** Starts the job that splits a file into pieces; false if it splits another one. */
export const splitJob =
  (client: GlueClient, nameOfJob: () => string) =>
  async ({ key, version }: LargeFile): Promise<boolean> => {
    try {
      const Arguments = { '--key': key, ...(version !== undefined && { '--version': version }) };
      await client.send(new StartJobRunCommand({ JobName: nameOfJob(), Arguments }));
      return true;
    } catch (error) {
      if (error instanceof ConcurrentRunsExceededException) return false;
      throw error;
    }
  };
