import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { untilFound } from '../../bin/terminal/until-found.ts';
import type { Outcome, Part, Service } from './part.ts';
import { startTimed } from './timed-process.ts';

/** Runs one part, or says that it need not be; what the part needs is started when it runs, and not before. */
type RunOne = (part: Part, start: () => Promise<boolean>) => Promise<Outcome>;

/**
 * Runs the parts of a lane one after the other, with what several of them need started once and stopped after the last
 * of them.
 */
export async function runLane(parts: readonly Part[], runOne: RunOne): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const running = new Map<Service, RunningService>();
  for (const [n, part] of parts.entries()) {
    const { needs } = part;
    outcomes.push(await runOne(part, async () => needs === undefined || (await started(needs, running).ready)));
    const over = needs !== undefined && !parts.slice(n + 1).some((later) => later.needs === needs);
    const service = over ? running.get(needs) : undefined;
    if (service !== undefined) outcomes.push(await service.stop());
  }
  return outcomes;
}

interface RunningService {
  /** False: it ended before it was there. */
  readonly ready: Promise<boolean>;
  stop(): Promise<Outcome>;
}

function started(service: Service, running: Map<Service, RunningService>): RunningService {
  const known = running.get(service);
  if (known !== undefined) return known;
  const made = startService(service);
  running.set(service, made);
  return made;
}

function startService({ name, command, ready: file }: Service): RunningService {
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const from = Date.now();
  const { child, ended } = startTimed(name, command, {});
  let over = false;
  const end = ended.finally(() => {
    over = true;
  });
  const untilReady = async () => {
    await untilFound(async () => over || existsSync(file) || undefined, { minDelay: 0.1, maxDelay: 0.1 });
    return !over;
  };
  const stop = async (): Promise<Outcome> => {
    child.stdin?.end();
    const { code, processorSeconds } = await end;
    const [passed, failed] = code === 0 ? [1, 0] : [0, 1];
    return { name, passed, failed, seconds: (Date.now() - from) / 1000, processorSeconds, files: [], proven: false };
  };
  return { ready: untilReady(), stop };
}
