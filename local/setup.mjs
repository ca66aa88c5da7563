// Runs before anything is installed: Node 20's own modules only.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchJars, JarUnusable, jarsAreCurrent } from './jars.mjs';
import { findPython, nodeProblem, pythonProblem } from './prerequisites.mjs';
import { showProgress } from './progress.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const inRoot = (...parts) => join(root, ...parts);
const python = inRoot('.venv', 'bin', 'python');
const stampFile = inRoot('.venv', 'requirements.sha256');
const jarList = inRoot('local', 'jars.json');
const jarDirectory = inRoot('.jars');
const requirementFiles = [inRoot('local', 'requirements.txt'), inRoot('local', 'requirements-data.txt')];

/** Stops with a message a newcomer can act on, never with a stack trace. */
class Unusable extends Error {}

/** npm's own record of what it installed is compared with the lock file, so an `npm install` by hand counts too. */
function nodeModulesAreCurrent() {
  const record = inRoot('node_modules', '.package-lock.json');
  if (!existsSync(record) || !existsSync(inRoot('node_modules', '.bin', 'node'))) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version);
}

const requirementsHash = () => requirementFiles.reduce((hash, file) => hash.update(readFileSync(file)), createHash('sha256')).digest('hex');

const virtualEnvironmentIsCurrent = () => existsSync(python) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === requirementsHash();

/** Runs an installer quietly; its output is shown only when it fails. */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => reject(new Unusable(`${command} could not be started: ${error.message}`)));
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Unusable(`${command} ${args.join(' ')} failed:\n${Buffer.concat(output).toString('utf8').trim()}`)),
    );
  });
}

const installNodeModules = () => run('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund']);

async function installVirtualEnvironment(found) {
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'];
  rmSync(inRoot('.venv'), { recursive: true, force: true });
  await run(found.command, ['-m', 'venv', inRoot('.venv')]);
  await run(python, [...pip, '-r', requirementFiles[0]]);
  await run(python, [...pip, '--no-deps', '-r', requirementFiles[1]]);
  writeFileSync(stampFile, requirementsHash());
}

const archiveStamp = inRoot('.venv', 'spark-classes.sha256');

/** Of everything the archive is made from. */
const archiveHash = () =>
  [...requirementFiles, jarList, inRoot('local', 'spark_java.py')]
    .reduce((hash, file) => hash.update(readFileSync(file)), createHash('sha256'))
    .digest('hex');

async function archiveClasses() {
  await run(python, [inRoot('local', 'spark_java.py')]);
  writeFileSync(archiveStamp, archiveHash());
}

/** Installs what is missing, all ecosystems at once, and then what is made of them. */
async function install() {
  const missing = [];
  if (!virtualEnvironmentIsCurrent()) {
    const found = findPython();
    const problem = pythonProblem(found);
    if (problem) throw new Unusable(problem);
    missing.push({ name: 'Python packages (.venv)', work: () => installVirtualEnvironment(found) });
  }
  if (!nodeModulesAreCurrent()) missing.push({ name: 'npm packages (node_modules)', work: installNodeModules });
  if (!jarsAreCurrent(jarList, jarDirectory)) missing.push({ name: 'Java archives (.jars)', work: () => fetchJars(jarList, jarDirectory) });
  if (missing.length > 0) await showProgress('Installing', missing);
  const isArchived = existsSync(archiveStamp) && readFileSync(archiveStamp, 'utf8') === archiveHash();
  if (!isArchived) await showProgress('Preparing', [{ name: "Spark's classes (.venv)", work: archiveClasses }]);
}

/** Becomes the command it was given, with the repository's own tools and Node first on the PATH. */
function become([command, ...args]) {
  const path = [inRoot('node_modules', '.bin'), process.env.PATH].join(delimiter);
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: path } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`${command} could not be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('close', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
  });
}

try {
  const problem = nodeProblem(process.versions.node);
  if (problem) throw new Unusable(problem);
  await install();
  if (process.argv.length > 2) become(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Unusable || error instanceof JarUnusable)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}
