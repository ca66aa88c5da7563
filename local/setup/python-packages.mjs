// Runs before anything is installed: Node 20's own modules only.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const inRoot = (...parts) => fileURLToPath(new URL(join('..', '..', ...parts), import.meta.url));
const pythonOf = (folder) => inRoot(folder, 'bin', 'python');

/**
 * `.venv` runs the jobs here and in their tests, with Glue's packages. The emulator needs newer packages, so it has
 * `.venv-emulator`.
 */
const environments = [
  { folder: '.venv', whole: 'requirements.txt', alone: 'requirements-data.txt' },
  { folder: '.venv-emulator', whole: 'requirements-emulator.txt' },
];
const installer = 'uv==0.13.9';
const stampFile = inRoot('.venv', 'requirements.sha256');

/** Python of the jobs. */
export const python = pythonOf('.venv');
/** All lists of required packages. */
export const requirementFiles = environments
  .flatMap(({ whole, alone }) => [whole, alone ?? []].flat())
  .map((file) => inRoot('local', 'setup', file));

const requirementsHash = () =>
  requirementFiles.reduce((hash, file) => hash.update(readFileSync(file)), createHash('sha256')).digest('hex');

export const pythonPackagesAreCurrent = () =>
  environments.every(({ folder }) => existsSync(pythonOf(folder))) &&
  existsSync(stampFile) &&
  readFileSync(stampFile, 'utf8') === requirementsHash();

/**
 * Installs by `uv` in a fifth of pip's time. If `uv` fails, for example because only pip knows the package index, it
 * installs by pip.
 */
export async function installPythonPackages(run, command) {
  for (const { folder } of environments) rmSync(inRoot(folder), { recursive: true, force: true });
  await run(command, ['-m', 'venv', inRoot('.venv')]);
  await byUv(run).catch(() => byPip(run, command));
  writeFileSync(stampFile, requirementsHash());
}

const pipOf = (run, folder) => (args) =>
  run(pythonOf(folder), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', ...args]);

async function byUv(run) {
  const uv = (...args) => run(python, ['-m', 'uv', ...args]);
  await pipOf(run, '.venv')([installer]);
  await uv('venv', '--quiet', '--python', python, inRoot('.venv-emulator'));
  await Promise.all(
    environments.map((environment) =>
      installAll(environment, (args) =>
        uv('pip', 'install', '--quiet', '--python', pythonOf(environment.folder), ...args),
      ),
    ),
  );
}

async function byPip(run, command) {
  await run(command, ['-m', 'venv', '--clear', inRoot('.venv-emulator')]);
  await Promise.all(environments.map((environment) => installAll(environment, pipOf(run, environment.folder))));
}

async function installAll({ whole, alone }, install) {
  await install(['-r', inRoot('local', 'setup', whole)]);
  if (alone !== undefined) await install(['--no-deps', '-r', inRoot('local', 'setup', alone)]);
}
