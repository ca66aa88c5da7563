// Runs before anything is installed: Node 20's own modules only.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchJars, JarUnusable, jarsAreCurrent } from './setup/jars.mjs';
import { findPython, nodeProblem, pythonProblem } from './setup/prerequisites.mjs';
import { showProgress } from './setup/progress.mjs';
import { installPythonPackages, python, pythonPackagesAreCurrent, requirementFiles } from './setup/python-packages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const inRoot = (...parts) => join(root, ...parts);
const jarList = inRoot('local', 'setup', 'jars.json');
const jarDirectory = inRoot('.jars');
/** PostgreSQL and its driver, for the demo and for tests that read databases. */
const postgresqlList = inRoot('local', 'setup', 'postgresql.json');
const postgresqlDirectory = inRoot('.jars-postgresql');
/**
 * Python and Node compile each module at its first use, whatever the shell sets, and keep the result apart from the
 * sources.
 */
const compiling = {
  PYTHONDONTWRITEBYTECODE: '',
  PYTHONPYCACHEPREFIX: inRoot('.venv', 'bytecode'),
  NODE_COMPILE_CACHE: inRoot('node_modules', '.cache', 'node'),
};

/** An error whose message tells a newcomer what to do. */
class Unusable extends Error {}

/** Compares npm's record of installed packages with the lock file, so a manual `npm install` counts, too. */
function nodeModulesAreCurrent() {
  const record = inRoot('node_modules', '.package-lock.json');
  if (!existsSync(record) || !existsSync(inRoot('node_modules', '.bin', 'node'))) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

/** Runs an installer and shows its output only if it fails. */
function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...compiling },
    });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => reject(new Unusable(`${command} could not be started: ${error.message}`)));
    child.on('close', (code) =>
      code === 0
        ? resolve()
        : reject(
            new Unusable(`${command} ${args.join(' ')} failed:\n${Buffer.concat(output).toString('utf8').trim()}`),
          ),
    );
  });
}

const installNodeModules = () => run('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund']);

function usablePython() {
  const found = findPython();
  const problem = pythonProblem(found);
  if (problem) throw new Unusable(problem);
  return found;
}

const archiveStamp = inRoot('.venv', 'spark-classes.sha256');

/** Hash of the sources of the archive. */
const archiveHash = () =>
  [...requirementFiles, jarList, inRoot('local', 'setup', 'spark_java.py')]
    .reduce((hash, file) => hash.update(readFileSync(file)), createHash('sha256'))
    .digest('hex');

const classesAreArchived = () => existsSync(archiveStamp) && readFileSync(archiveStamp, 'utf8') === archiveHash();

async function archiveClasses() {
  await run(python, [inRoot('local', 'setup', 'spark_java.py')]);
  writeFileSync(archiveStamp, archiveHash());
}

/**
 * Installs missing packages of all ecosystems at once. Returns the archive of classes in the making, which no command
 * needs.
 */
async function install() {
  const items = [];
  const due = (name, isThere, work) => {
    if (isThere) return undefined;
    const done = work();
    items.push({ name, work: () => done });
    return done;
  };
  const installed = pythonPackagesAreCurrent();
  const archived = installed && classesAreArchived();
  const found = installed ? undefined : usablePython();
  const packages = due('Python packages (.venv)', installed, () => installPythonPackages(run, found.command));
  due('npm packages (node_modules)', nodeModulesAreCurrent(), installNodeModules);
  const jars = due('Java archives (.jars)', jarsAreCurrent(jarList, jarDirectory), () =>
    fetchJars(jarList, jarDirectory),
  );
  due('PostgreSQL (.jars-postgresql)', jarsAreCurrent(postgresqlList, postgresqlDirectory), () =>
    fetchJars(postgresqlList, postgresqlDirectory),
  );
  const classes = archived ? undefined : Promise.all([packages, jars]).then(archiveClasses);
  // The caller reports this failure later.
  classes?.catch(() => undefined);
  if (items.length > 0) await showProgress('Installing', items);
  return { classes };
}

/** Runs the given command with the repository's own tools and Node first on the PATH. */
function become([command, ...args]) {
  const path = [inRoot('node_modules', '.bin'), process.env.PATH].join(delimiter);
  const child = spawn(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...compiling, PATH: path },
  });
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
  const { classes } = await install();
  if (process.argv.length > 2) become(process.argv.slice(2));
  await classes?.catch(({ message }) =>
    process.stderr.write(`Spark starts slower, because the archive of its classes could not be made: ${message}\n`),
  );
} catch (error) {
  if (!(error instanceof Unusable || error instanceof JarUnusable)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}
