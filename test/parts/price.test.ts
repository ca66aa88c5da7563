import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Outcome } from './part.ts';
import { priceOf } from './price.ts';
import { readReport } from './report.ts';
import { runPart } from './run-part.ts';
import { processorSecondsIn } from './timed-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'cdp-price-'));
afterAll(() => rmSync(folder, { recursive: true }));
const written = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** Works for half a second. */
const busy = 'while (process.cpuUsage().user < 500_000) for (let n = 0; n < 1e7; n++);';
const inChild = `require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(busy)}])`;

describe('a part', () => {
  it.each([
    { name: 'its own', script: busy },
    { name: 'that of what it started', script: inChild },
  ])('costs the time of processors: $name', async ({ script }) => {
    const { processorSeconds, passed, failed } = await runPart({
      name: 'price-busy',
      command: [process.execPath, '-e', script],
    });
    expect({ passed, failed }).toEqual({ passed: 1, failed: 0 });
    expect(processorSeconds).toBeGreaterThan(0.49);
    expect(processorSeconds).toBeLessThan(2);
  });

  it('costs no time of processors while it waits', async () => {
    const { processorSeconds, seconds } = await runPart({ name: 'price-waits', command: ['sleep', '1'] });
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(processorSeconds).toBeLessThan(0.3);
  });

  const vitest = JSON.stringify({ numPassedTests: 3, numFailedTests: 0, testResults: [] });
  const copying = (text: string, to: string, code: number) => [
    'sh',
    '-c',
    'printf %s "$0" > "$1"; exit "$2"',
    text,
    to,
    String(code),
  ];
  const report = join(folder, 'report.json');
  it.each([
    { name: 'with its tests', command: copying(vitest, report, 0), report, ended: { passed: 3, failed: 0 } },
    {
      name: 'as failed when it ends badly, though no test did',
      command: copying(vitest, report, 1),
      report,
      ended: { passed: 3, failed: 1 },
    },
    { name: 'as failed when it reports nothing', command: ['false'], report, ended: { passed: 0, failed: 1 } },
    { name: 'as failed when it is no command', command: ['no-such-command'], ended: { passed: 0, failed: 1 } },
    {
      name: 'as failed when it says nothing of its tests and ends well',
      command: ['true'],
      report,
      ended: { passed: 0, failed: 1 },
    },
  ])('counts $name', async ({ command, report, ended }) =>
    expect(await runPart({ name: 'price-counts', command, ...(report && { report }) })).toMatchObject(ended),
  );
});

describe('what is read', () => {
  it('of the shell are minutes and seconds of the children', () =>
    expect(processorSecondsIn('0m9.00s 0m9.00s\n2m1.50s 0m3.25s\n')).toBe(124.75));

  it('of pytest are tests by file, of which those that were skipped did not pass', () => {
    const suite = '<testsuite name="pytest" errors="1" failures="1" skipped="1" tests="6" time="9">';
    const cases = [
      'test.glue.test_a" name="one" time="1.5" />',
      'test.glue.test_a.TestB" name="two" time="2"><failure message="a &lt;b&gt;">text</failure></testcase>',
      'test.glue.test_a" name="three" time="1"><error message="e" /></testcase>',
      'test.glue.test_c" name="x" time="4"><system-out>a failure</system-out></testcase>',
      'test.glue.test_c" name="y" time="0"><skipped type="x">why</skipped></testcase>',
      'test.glue.test_d" name="z" time="1" />',
    ];
    const xml = `<testsuites>${suite}${cases.map((one) => `<testcase classname="${one}`).join('')}</testsuite></testsuites>`;
    expect(readReport(written('pytest.xml', xml))).toEqual({
      passed: 3,
      failed: 3,
      files: [
        { file: 'test/glue/test_a.py', seconds: 4.5, passed: 1, failed: 2 },
        { file: 'test/glue/test_c.py', seconds: 4, passed: 1, failed: 1 },
        { file: 'test/glue/test_d.py', seconds: 1, passed: 1, failed: 0 },
      ],
    });
  });

  it('of vitest are tests by file; a file that is no tests has failed', () => {
    const file = (name: string, status: string, ...results: readonly string[]) => ({
      ...{ name: join(process.cwd(), name), status, startTime: 1000, endTime: 3000 },
      assertionResults: results.map((result) => ({ status: result })),
    });
    const testResults = [
      file('test/a.test.ts', 'passed', 'passed', 'passed'),
      file('test/b.test.ts', 'failed', 'passed', 'failed'),
      file('test/c.test.ts', 'failed'),
    ];
    const text = JSON.stringify({ numPassedTests: 3, numFailedTests: 1, testResults });
    expect(readReport(written('vitest.json', text))).toEqual({
      passed: 3,
      failed: 1,
      files: [
        { file: 'test/a.test.ts', seconds: 2, passed: 2, failed: 0 },
        { file: 'test/b.test.ts', seconds: 2, passed: 1, failed: 1 },
        { file: 'test/c.test.ts', seconds: 2, passed: 0, failed: 1 },
      ],
    });
  });
});

it('what each part took is a table, with the slowest files below', () => {
  const outcome = (name: string, more: Partial<Outcome>): Outcome => ({
    ...{ name, passed: 10, failed: 0, seconds: 20, processorSeconds: 30.25, files: [], proven: false },
    ...more,
  });
  const files = Array.from({ length: 12 }, (_, n) => ({
    ...{ file: `test/${n}.test.ts`, seconds: n, passed: 1, failed: 0 },
  }));
  const table = priceOf([
    outcome('glue', { files }),
    outcome('pure', { passed: 2776, proven: true, processorSeconds: 0 }),
    outcome('unit', { failed: 3 }),
  ]);
  expect(table.split('\n')).toEqual([
    expect.stringMatching(/^part +passed +failed +processor s +s$/),
    expect.stringMatching(/^glue +10 +30\.3 +20\.0$/),
    expect.stringMatching(/^pure +2776 +proven before$/),
    expect.stringMatching(/^unit +10 +3 +30\.3 +20\.0$/),
    expect.stringMatching(/^all +60\.5$/),
    '',
    'The slowest files:',
    ...files
      .slice(2)
      .reverse()
      .map(({ file, seconds }) => expect.stringMatching(new RegExp(`^ +${seconds}\\.0 s  ${file}$`))),
  ]);
});

it('where nothing was run, no file is slow', () => {
  const proven = { name: 'pure', passed: 9, failed: 0, seconds: 0, processorSeconds: 0, files: [], proven: true };
  expect(priceOf([proven])).toMatch(/^part .*\npure .*proven before\nall .*$/);
});
