import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { platform } from './deployment.ts';

/** Runs a command of a checkout that has another configuration. @throws with what it printed when it ends badly */
export type Run = (command: string, ...args: readonly string[]) => Promise<string>;

const shared = ['package.json', 'node_modules', 'bin', 'lib', 'lambdas', 'local', 'glue-scripts', 'cdp.recipes.ts'];

/** Makes a folder in which commands read another configuration, given as JSON. */
export async function checkoutWith(config: string, folder: string): Promise<Run> {
  await mkdir(folder);
  for (const name of shared) await symlink(resolve(name), join(folder, name));
  await writeFile(
    join(folder, 'cdp.config.ts'),
    `export const config = ${config};\nexport const alarmEmail = undefined;`,
  );
  const env = { ...process.env, CDP_LOCAL_DIRECTORY: platform.stateDirectory };
  // Otherwise the command would import the configuration beside the file that its link leads to.
  const options = ['--preserve-symlinks', '--preserve-symlinks-main'];
  return async (command, ...args) =>
    (
      await promisify(execFile)(process.execPath, [...options, `bin/${command}.ts`, ...args, '--local'], {
        cwd: folder,
        env,
      })
    ).stdout;
}
