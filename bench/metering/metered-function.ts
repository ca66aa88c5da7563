import { assumptions } from './assumptions.ts';
import { gigabyte, type Meter } from './meter.ts';

/** What a function's invocations came to. */
interface Spent {
  readonly invocations: number;
  /** Processor time of all of them. */
  readonly cpuSeconds: number;
  /** Time they waited for other services. */
  readonly waitSeconds: number;
  readonly megabytes: number;
  readonly architecture?: 'Arm' | 'X86';
}

/** Counts what Lambda bills, and the lines it logs by itself. */
export function countFunction(
  meter: Meter,
  part: string,
  { invocations, cpuSeconds, waitSeconds, megabytes, architecture = 'Arm' }: Spent,
): void {
  const processors = Math.min(1, megabytes / assumptions.megabytesPerProcessor);
  const seconds = cpuSeconds / processors + waitSeconds;
  meter.count(part, 'lambdaRequest', invocations);
  meter.count(part, `lambda${architecture}Second`, (seconds * megabytes) / 1024);
  meter.count(part, 'logGb', (invocations * assumptions.platformLog) / gigabyte);
}

/** Runs something and says how much processor time of the whole process it took. */
export async function cpuSecondsOf(run: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
