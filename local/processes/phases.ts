/** Receives a line about the progress. */
export type Log = (line: string) => void;

/** Runs one phase of a start and logs its duration. */
type Phase = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;

/** Creates phases that log their name and seconds at the end, also when they fail. */
export const createPhase =
  (log: Log): Phase =>
  async (name, work) => {
    const started = performance.now();
    const seconds = () => ((performance.now() - started) / 1000).toFixed(1).padStart(5);
    try {
      const result = await work();
      log(`${seconds()} s  ${name}`);
      return result;
    } catch (error) {
      log(`${seconds()} s  ${name}: failed`);
      throw error;
    }
  };
