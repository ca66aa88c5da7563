import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Outcome, Part } from './part.ts';
import { readReport } from './report.ts';
import { startTimed } from './timed-process.ts';

/** Runs a part to its end. One that ended badly, or in which nothing passed, has failed although no test in it did. */
export async function runPart({ name, command, env, report, needs }: Part): Promise<Outcome> {
  if (report !== undefined) {
    mkdirSync(dirname(report), { recursive: true });
    rmSync(report, { force: true });
  }
  const started = Date.now();
  const { code, processorSeconds } = await startTimed(name, command, { ...env, ...needs?.env }).ended;
  const { passed, failed, files } =
    report === undefined ? { passed: code === 0 ? 1 : 0, failed: 0, files: [] } : readReport(report);
  const seconds = (Date.now() - started) / 1000;
  const well = code === 0 && passed > 0;
  return { name, passed, failed: well ? failed : Math.max(1, failed), seconds, processorSeconds, files, proven: false };
}
