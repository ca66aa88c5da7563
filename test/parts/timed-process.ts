import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const times = '.local/test/times';

/** Every shell counts what its children took of the processors, and theirs, as long as somebody waited for them. */
const timed = '"$@"; code=$?; times >"$0"; exit $code';

/** How a process ended, and what it took of the processors. */
interface Ended {
  readonly code: number;
  readonly processorSeconds: number;
}

/**
 * Starts a command that prints where this process does; its standard input ends when it is told to, or with this
 * process.
 */
export function startTimed(
  name: string,
  command: readonly string[],
  env: NodeJS.ProcessEnv,
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  mkdirSync(times, { recursive: true });
  const file = join(times, name);
  rmSync(file, { force: true });
  const child = spawn('sh', ['-c', timed, file, ...command], {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('error', (error) => {
      console.error(`${name}: ${error.message}`);
      resolve({ code: 1, processorSeconds: 0 });
    });
    child.on('close', (code) =>
      resolve({ code: code ?? 1, processorSeconds: processorSecondsIn(readOrNothing(file)) }),
    );
  });
  return { child, ended };
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
