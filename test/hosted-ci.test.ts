import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const auditor = '.venv-emulator/bin/zizmor';
const workflows = globSync('.github/workflows/*.{yml,yaml}');
const scratch = mkdtempSync(join(tmpdir(), 'cdp-ci-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/**
 * Reads workflows as their schema has them and audits them: pinned actions, least permissions, no credentials left
 * about, nothing of strangers in a shell.
 */
function audit(...files: readonly string[]): { code: number | null; findings: string } {
  if (!existsSync(auditor)) throw new Error(`${auditor} is missing; \`npm test\` installs it`);
  const args = ['--offline', '--no-config', '--strict-collection', '--pedantic', '--format', 'plain', ...files];
  const { status, stdout, stderr } = spawnSync(auditor, args, { encoding: 'utf8' });
  return { code: status, findings: `${stdout}${stderr}` };
}

/** The audit of a workflow in which a text was replaced. */
function auditWith(text: RegExp, other: string): string {
  const sound = readFileSync(workflows[0] ?? '', 'utf8');
  expect(sound).toMatch(text);
  const folder = join(scratch, '.github', 'workflows');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'spoiled.yml'), sound.replace(text, other));
  return audit(join(folder, 'spoiled.yml')).findings;
}

/** Jobs of a workflow, each as its text. */
const jobsOf = (workflow: string): string[] =>
  workflow.slice(workflow.search(/^jobs:$/m)).match(/^ {2}[\w-]+:\n(?: {4}.*\n|\n)+/gm) ?? [];

describe('the hosted CI', () => {
  it('has no finding', () =>
    expect(audit(...workflows)).toEqual({ code: 0, findings: expect.stringContaining('No findings to report') }));

  it.each([
    {
      what: 'an action by a tag',
      text: /actions\/checkout@\S+/,
      other: 'actions/checkout@v6',
      finding: 'unpinned-uses',
    },
    {
      what: 'a permission to write',
      text: /contents: read.*/,
      other: 'contents: write',
      finding: 'undocumented-permissions',
    },
    {
      what: 'all permissions',
      text: /^permissions: \{\}/m,
      other: 'permissions: write-all',
      finding: 'excessive-permissions',
    },
    {
      what: 'credentials that stay',
      text: /persist-credentials: false/,
      other: 'fetch-depth: 1',
      finding: 'artipacked',
    },
    {
      what: 'words of strangers',
      text: /bash \.ci\/run/,
      other: `echo \${{ github.event.pull_request.title }}`,
      finding: 'template-injection',
    },
    { what: 'no machine', text: /runs-on/, other: 'run-on', finding: 'failed to load' },
  ])('could not have $what', ({ text, other, finding }) => expect(auditWith(text, other)).toContain(finding));

  it('says of each job when it must have ended, and each action its version', () => {
    const texts = workflows.map((file) => readFileSync(file, 'utf8'));
    const jobs = texts.flatMap(jobsOf);
    expect(jobs.length).toBeGreaterThan(0);
    expect(jobs.filter((job) => !/^ {4}timeout-minutes: \d+$/m.test(job))).toEqual([]);
    const actions = texts.flatMap((text) => text.match(/uses: .*/g) ?? []);
    expect(actions.filter((action) => !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
  });

  it('runs what a clean checkout must pass, which anybody can run', () => {
    expect(workflows.some((file) => /^ {8}run: bash \.ci\/run$/m.test(readFileSync(file, 'utf8')))).toBe(true);
    expect(statSync('.ci/run').mode & 0o111).not.toBe(0);
    expect(readFileSync('.ci/run', 'utf8')).toMatch(/^exec npm test$/m);
  });
});
