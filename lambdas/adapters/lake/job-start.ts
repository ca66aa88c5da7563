import { ConcurrentRunsExceededException, type GlueClient, StartJobRunCommand } from '@aws-sdk/client-glue';

/** Starts a job; false if a run of it is at work. */
export const jobStart =
  (client: GlueClient, nameOfJob: () => string) =>
  async (Arguments: Readonly<Record<string, string>> = {}): Promise<boolean> => {
    try {
      await client.send(new StartJobRunCommand({ JobName: nameOfJob(), Arguments }));
      return true;
    } catch (error) {
      if (error instanceof ConcurrentRunsExceededException) return false;
      throw error;
    }
  };
