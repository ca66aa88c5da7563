/** Says what happens. */
export type Log = (line: string) => void;

/** Runs one phase of a start and logs how long it took. */
type Phase = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>;

/** Phases that log `name` with their seconds when they are done, failed ones included. */
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
