import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { platform } from './platform/deployment.ts';

/**
 * Runs a script of the package about the platform of the tests, when it is told `--local`. @throws with its code and
 * what it printed when it ends badly
 */
export const npmRun = (
  script: string,
  ...args: readonly string[]
): Promise<{ readonly stdout: string; readonly stderr: string }> =>
  promisify(execFile)('npm', ['run', '--silent', script, '--', ...args], {
    env: { ...process.env, CDP_LOCAL_DIRECTORY: platform.stateDirectory },
  });

/** Runs a script about the platform of the tests, and gives what it prints. @throws as `npmRun` does */
export const run = async (script: string, ...args: readonly string[]): Promise<string> =>
  (await npmRun(script, ...args, '--local')).stdout;
