import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { nodeProblem, pythonProblem } from '../../../local/setup/prerequisites.mjs';

it.each([
  { version: '18.20.4', problem: /Node 20 or newer is needed, and this is Node 18\.20\.4/ },
  { version: '20.0.0', problem: undefined },
  { version: '24.21.0', problem: undefined },
])('knows what to say about Node $version', ({ version, problem }) => {
  if (problem) expect(nodeProblem(version)).toMatch(problem);
  else expect(nodeProblem(version)).toBeUndefined();
});

it.each([
  { found: undefined, problem: /none of python3\.11, python3, .* is on the PATH/ },
  {
    found: { command: 'python3', version: '3.9.2' },
    problem: /Python 3\.11 or newer is needed, and `python3` is Python 3\.9\.2/,
  },
  { found: { command: 'python3.11', version: '3.11.0' }, problem: undefined },
  { found: { command: 'python3', version: '3.14.1' }, problem: undefined },
])('knows what to say about Python $found.version', ({ found, problem }) => {
  if (problem) expect(pythonProblem(found)).toMatch(problem);
  else expect(pythonProblem(found)).toBeUndefined();
});

const clones: string[] = [];
afterEach(() => clones.splice(0).forEach((clone) => void rmSync(clone, { recursive: true, force: true })));

/** A fresh clone on a machine whose only programs are this Node and the Pythons given. */
function setUpWith(pythons: Readonly<Record<string, string>>) {
  const clone = mkdtempSync(join(tmpdir(), 'cdp-clone-'));
  clones.push(clone);
  const bin = join(clone, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  for (const [name, version] of Object.entries(pythons)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho ${version}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  cpSync('local', join(clone, 'local'), { recursive: true });
  return spawnSync(join(bin, 'node'), ['local/setup.mjs', 'true'], {
    cwd: clone,
    env: { PATH: bin },
    encoding: 'utf8',
  });
}

it.each<{ pythons: Record<string, string>; message: string }>([
  { pythons: {}, message: 'none of python3' },
  { pythons: { python3: '3.10.1' }, message: '`python3` is Python 3.10.1' },
])('stops with one clear line where Python is $pythons.python3', ({ pythons, message }) => {
  const { status, stderr } = setUpWith(pythons);
  expect(status).toBe(1);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain(message);
});
