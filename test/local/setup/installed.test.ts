import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'cdp-clone-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
/** Those that install nothing themselves. */
const bare = Object.entries(scripts).filter(([, line]) => !line.startsWith('node local/setup.mjs '));
const tools = ['biome', 'cdk', 'node', 'tsc'];

/** A clone in which these tools are installed. Each only says what it is given; Node says so of our programs. */
function cloneWith(name: string, installed: readonly string[]): string {
  const clone = join(folder, name);
  const bin = join(clone, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  for (const file of ['package.json', 'cdk.json', 'local']) cpSync(file, join(clone, file), { recursive: true });
  for (const tool of installed) {
    const check = tool === 'node' ? `case $1 in *.ts) ;; *) exec '${process.execPath}' "$@" ;; esac\n` : '';
    writeFileSync(join(bin, tool), `#!/bin/sh\n${check}echo ${tool} "$@"\n`);
    chmodSync(join(bin, tool), 0o755);
  }
  return clone;
}

/** As a shell runs what npm gives it, without the tools of this repository. */
function run(clone: string, line: string, env: Readonly<Record<string, string>>) {
  const paths = (process.env.PATH ?? '').split(delimiter).filter((path) => !path.includes('node_modules'));
  const PATH = [join(clone, 'node_modules', '.bin'), ...paths].join(delimiter);
  return spawnSync('sh', ['-c', line], { cwd: clone, encoding: 'utf8', env: { PATH, ...env } });
}

const none = cloneWith('none', []);
const all = cloneWith('all', tools);

describe('a script of the package', () => {
  it.each(bare)('%s says before anything is installed what to do, and nothing else', (script, line) => {
    const { status, stdout, stderr } = run(none, line, { npm_lifecycle_event: script });
    expect({ status, stdout, stderr }).toEqual({
      ...{ status: 1, stdout: '' },
      stderr: `Not all packages are installed (biome, cdk, node, tsc missing). Run npm ci first, then npm run ${script} again.\n`,
    });
  });

  it.each(bare)('%s gives its tool what it is given', (script, line) => {
    const { status, stdout, stderr } = run(all, `${line} --context "a=b c"`, { npm_lifecycle_event: script });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.trim()).toMatch(/(^|\n)(cdk|node|tsc) .*--context a=b c$/);
  });

  it.each(tools)('deploy says it where %s alone is missing, as without the packages for development', (tool) => {
    const clone = cloneWith(
      `without-${tool}`,
      tools.filter((each) => each !== tool),
    );
    expect(run(clone, scripts.deploy ?? '', { npm_lifecycle_event: 'deploy' })).toMatchObject({
      ...{ status: 1, stdout: '' },
      stderr: expect.stringContaining(`(${tool} missing). Run npm ci first`),
    });
  });

  it('is npm’s own to run: deploy takes arguments behind two dashes', () => {
    const { status, stdout } = run(all, 'npm run --silent deploy -- --context key=value Cdp', { HOME: folder });
    expect([status, stdout]).toEqual([0, 'cdk deploy --context key=value Cdp\n']);
  });
});

it('the app says it, too, to who has a CDK elsewhere', () => {
  const { app } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { app: string };
  expect(run(none, app, {})).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/Run npm ci first, then the command again\.\n$/),
  });
});
