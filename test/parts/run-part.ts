import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Outcome, Part } from './part.ts';
import { readReport } from './report.ts';

const times = '.local/test/times';

/** Runs a part to its end. One that ended badly, or in which nothing passed, has failed although no test in it did. */
export async function runPart({ name, command, env, report }: Part): Promise<Outcome> {
  if (report !== undefined) {
    mkdirSync(dirname(report), { recursive: true });
    rmSync(report, { force: true });
  }
  const started = Date.now();
  const { code, processorSeconds } = await runTimed(name, command, { ...process.env, ...env });
  const { passed, failed, files } = report === undefined ? { passed: code === 0 ? 1 : 0, failed: 0, files: [] } : readReport(report);
  const seconds = (Date.now() - started) / 1000;
  const well = code === 0 && passed > 0;
  return { name, passed, failed: well ? failed : Math.max(1, failed), seconds, processorSeconds, files, proven: false };
}

/** Every shell counts what its children took of the processors, and theirs, as long as somebody waited for them. */
const timed = '"$@"; code=$?; times >"$0"; exit $code';

function runTimed(name: string, command: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: number; processorSeconds: number }> {
  mkdirSync(times, { recursive: true });
  const file = join(times, name);
  rmSync(file, { force: true });
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', timed, file, ...command], { stdio: 'inherit', env });
    child.on('error', (error) => {
      console.error(`${name}: ${error.message}`);
      resolve({ code: 1, processorSeconds: 0 });
    });
    child.on('close', (code) => resolve({ code: code ?? 1, processorSeconds: processorSecondsIn(readOrNothing(file)) }));
  });
}

/** Of what `times` prints the second line is about the children: user and system, each as `1m2.34s`. */
export const processorSecondsIn = (printed: string): number =>
  [...(printed.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
