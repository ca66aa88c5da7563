import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { untilFound } from '../../bin/terminal/until-found.ts';
import { endProcess } from '../processes/child-process.ts';
import { credentials, region } from './aws.ts';

const python = resolve('.venv-emulator/bin/python');
/** Seconds. A busy machine takes minutes to start what an idle one starts in seconds. */
const startLimit = 300;
/** Seconds between two messages about the wait. */
const tellAfter = 15;

/** The emulator ended, or did not answer in time; the message contains the end of its log. */
export class EmulatorFailed extends Error {
  override readonly name = 'EmulatorFailed';
}

type Tell = (line: string) => void;

/** A running emulator. */
export interface Emulator {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts an empty emulator and waits until it answers; `tell` receives a line when the wait is long.
 * @throws EmulatorFailed
 */
export async function startEmulator(
  port: number,
  stateDirectory: string,
  signal: AbortSignal,
  tell: Tell = () => undefined,
): Promise<Emulator> {
  if (!existsSync(python)) throw new EmulatorFailed(`${python} is missing; \`npm start\` and \`npm test\` install it`);
  const url = `http://127.0.0.1:${port}`;
  const logFile = join(stateDirectory, 'emulator.log');

  const child = spawnEmulator(port, logFile);
  const stop = () => endProcess(child);
  try {
    await untilHealthy(url, child, signal, (seconds) =>
      tell(`the emulator has not answered for ${seconds} s; its log is ${logFile}`),
    );
  } catch (error) {
    await stop();
    signal.throwIfAborted();
    const tail = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-15).join('\n');
    throw new EmulatorFailed(`the emulator did not start (${String(error)}); the end of ${logFile}:\n${tail}`);
  }
  return { url, stop };
}

/** The child's standard input stays open until this process ends. Then the emulator ends, too. */
function spawnEmulator(port: number, logFile: string): ChildProcess {
  const child = spawn(python, ['-m', 'emulator'], {
    cwd: resolve('local'),
    env: emulatorProcessEnvironment(port),
    stdio: 'pipe',
  });
  const log = createWriteStream(logFile);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  child.on('close', () => log.end());
  return child;
}

/** Functions inherit this environment, so it contains no more than Lambda's. */
const emulatorProcessEnvironment = (port: number): NodeJS.ProcessEnv => ({
  PATH: [resolve('node_modules/.bin'), process.env.PATH ?? ''].join(delimiter),
  HOME: process.env.HOME,
  LANG: 'en_US.UTF-8',
  TZ: 'UTC',
  // Python compiles each package at its first use and keeps the result apart from the sources.
  PYTHONPYCACHEPREFIX: resolve('.venv/bytecode'),
  GATEWAY_PORT: String(port),
  MINISTACK_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
});

async function untilHealthy(
  url: string,
  child: ChildProcess,
  signal: AbortSignal,
  waiting: (seconds: number) => void,
): Promise<void> {
  const started = Date.now();
  let told = 0;
  const healthy = async () => {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`);
    const answer = await fetch(`${url}/_ministack/health`, { signal: AbortSignal.timeout(tellAfter * 1000) }).catch(
      () => undefined,
    );
    if (answer?.ok) return true;
    if (Date.now() - started >= (told + 1) * tellAfter * 1000) waiting(++told * tellAfter);
    return undefined;
  };
  const pace = { minDelay: 0.05, maxDelay: 0.05, maxWaitTime: startLimit, abortSignal: signal };
  if (await untilFound(healthy, pace)) return;
  signal.throwIfAborted();
  throw new Error(`no answer within ${startLimit} s`);
}
