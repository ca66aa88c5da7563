import { spawnSync } from 'node:child_process';

const oldestNode = 20;
const oldestPython = [3, 11];
/** The version of Glue 5.1 comes first. */
const candidates = ['python3.11', 'python3', 'python3.13', 'python3.12', 'python3.14', 'python'];

/** The reason why this Node cannot run the project, if any. */
export function nodeProblem(version) {
  if (Number(version.split('.')[0]) >= oldestNode) return undefined;
  return `Node ${oldestNode} or newer is needed, and this is Node ${version}. Get one from https://nodejs.org, then run the command again.`;
}

/**
 * The reason why this Python (`{ command, version }`, or undefined if none was found) cannot run the project, if any.
 */
export function pythonProblem(found) {
  const wanted = `Python ${oldestPython.join('.')} or newer is needed`;
  const advice = 'Get one from https://www.python.org (or your package manager), then run the command again.';
  if (found === undefined) return `${wanted}, and none of ${candidates.join(', ')} is on the PATH. ${advice}`;
  if (isNewEnough(found.version)) return undefined;
  return `${wanted}, and \`${found.command}\` is Python ${found.version}. ${advice}`;
}

/** The first Python on the PATH that is new enough, else the first one. */
export function findPython() {
  const found = [];
  for (const command of candidates) {
    const { status, stdout } = spawnSync(command, ['-c', 'import platform; print(platform.python_version())'], {
      encoding: 'utf8',
    });
    if (status !== 0) continue;
    const python = { command, version: stdout.trim() };
    if (isNewEnough(python.version)) return python;
    found.push(python);
  }
  return found[0];
}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > oldestPython[0] || (major === oldestPython[0] && minor >= oldestPython[1]);
}
