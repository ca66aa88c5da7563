import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join, normalize } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checks, lanes } from './all-parts.ts';
import { inputs } from './inputs.ts';
import type { Outcome, Part } from './part.ts';
import { runsEverything, runUnlessProven, stateOf } from './proven.ts';

const parts = lanes.flat();
const names = parts.map(({ name }) => name).sort();
const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter(existsSync);
const scratch = mkdtempSync(join(tmpdir(), 'cdp-proven-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const isIn = (file: string, list: readonly string[]): boolean =>
  list.some((input) => file === input || file.startsWith(`${input}/`));

describe('a part that has passed', () => {
  let root: string;
  let runs = 0;
  const ends: { outcome: Pick<Outcome, 'passed' | 'failed'>; meanwhile: () => void } = {
    outcome: { passed: 7, failed: 0 },
    meanwhile: () => {},
  };
  const run = async ({ name }: Part): Promise<Outcome> => {
    runs += 1;
    ends.meanwhile();
    return { name, ...ends.outcome, seconds: 1, processorSeconds: 1, files: [], proven: false };
  };
  const part: Part = { name: 'rules', command: [], inputs: ['rules', 'versions.txt', 'to-come'] };
  const go = () => runUnlessProven(part, run, 'proofs', root);
  const write = (file: string, text: string) => writeFileSync(join(root, file), text);

  beforeEach(async () => {
    root = mkdtempSync(join(scratch, 'root-'));
    mkdirSync(join(root, 'rules', 'deep'), { recursive: true });
    write('rules/one.ts', 'one');
    write('rules/deep/two.py', 'two');
    write('versions.txt', '1');
    Object.assign(ends, { outcome: { passed: 7, failed: 0 }, meanwhile: () => {} });
    await go();
    runs = 0;
  });
  afterEach(() => vi.unstubAllEnvs());

  it('is not run again, and counts as it did', async () => {
    expect(await go()).toMatchObject({ name: 'rules', passed: 7, failed: 0, proven: true });
    expect(runs).toBe(0);
  });

  const version = process.version;
  it.each<[string, () => void]>([
    ['a file has changed', () => write('rules/one.ts', 'One')],
    ['a file in a folder of a folder has changed', () => write('rules/deep/two.py', 'three')],
    ['a file has come', () => write('rules/deep/three.json', '')],
    ['a file has gone', () => rmSync(join(root, 'rules/one.ts'))],
    ['a file has another name', () => renameSync(join(root, 'rules/one.ts'), join(root, 'rules/won.ts'))],
    ['text went from one file to the next', () => [write('rules/deep/two.py', ''), write('rules/one.ts', 'twoone')]],
    [
      'a folder is there that was not',
      () => mkdirSync(join(root, 'to-come')) === undefined && write('to-come/four.ts', ''),
    ],
    ['a version has changed', () => write('versions.txt', '2')],
    ['Node is another', () => void Object.defineProperty(process, 'version', { value: 'v0.0.1' })],
    ['Java is another', () => void vi.stubEnv('JAVA_HOME', '/elsewhere')],
  ])('is run again when %s', async (_what, change) => {
    change();
    try {
      expect(await go()).toMatchObject({ passed: 7, proven: false });
    } finally {
      Object.defineProperty(process, 'version', { value: version });
    }
    expect(runs).toBe(1);
  });

  it('and then failed is run until it passes, even when all is as it was before', async () => {
    write('versions.txt', '2');
    ends.outcome = { passed: 6, failed: 1 };
    expect([(await go()).proven, (await go()).proven]).toEqual([false, false]);
    write('versions.txt', '1');
    expect((await go()).proven).toBe(false);
  });

  it.each<[string, Partial<typeof ends>]>([
    ['its files changed while it ran', { meanwhile: () => write('rules/one.ts', String(runs)) }],
    ['none of its tests ran', { outcome: { passed: 0, failed: 0 } }],
  ])('proves nothing when %s', async (_what, how) => {
    write('versions.txt', '2');
    Object.assign(ends, how);
    await go();
    expect([(await go()).proven, runs]).toEqual([false, 2]);
  });

  it.each([
    { args: ['--all'], env: {}, everything: true },
    { args: [], env: { CI: 'true' }, everything: true },
    { args: [], env: {}, everything: false },
    { args: [], env: { CI: '' }, everything: false },
  ])('is run in any case by $args in $env: $everything', ({ args, env, everything }) =>
    expect(runsEverything(args, env)).toBe(everything),
  );
});

describe('the inputs of the parts', () => {
  it('are there for each part but the checks before them', () => {
    expect(names).toEqual(Object.keys(inputs).sort());
    expect(checks.map(({ inputs }) => inputs)).toEqual(checks.map(() => undefined));
  });

  /** One file of each kind in each folder: what these lists tell apart, and every language. */
  const kindOf = (file: string) =>
    `${file
      .split('/')
      .slice(0, file.startsWith('test/') ? 2 : 1)
      .join('/')} ${extname(file)}`;
  const samples = [...new Map(tracked.toReversed().map((file) => [kindOf(file), file])).values()].filter((file) =>
    isIn(file, inputs.repository),
  );

  it('let each part run again that has a file among them, whatever its kind, and no other', async () => {
    const root = join(scratch, 'samples');
    for (const file of samples) cpSync(file, join(root, file));
    const states = async () =>
      Promise.all(parts.map(async ({ name, inputs = [] }) => [name, await stateOf(inputs, root)] as const));
    const before = new Map(await states());
    expect(samples.length).toBeGreaterThan(50);
    for (const file of samples) {
      const text = readFileSync(join(root, file));
      writeFileSync(join(root, file), Buffer.concat([text, Buffer.from('x')]));
      const due = (await states()).filter(([name, state]) => before.get(name) !== state).map(([name]) => name);
      expect([file, due.sort()]).toEqual([
        file,
        names.filter((name) => isIn(file, inputs[name as keyof typeof inputs])),
      ]);
      writeFileSync(join(root, file), text);
    }
  });

  const deployed = ['alarms', 'demo', 'destinations', 'e2e', 'operation', 'sources', 'storm'];
  it.each([
    {
      changed: [
        'package-lock.json',
        'local/setup/requirements.txt',
        '.venv/pyvenv.cfg',
        'lambdas/core/contract/signals.ts',
        'lib/lake/lake.ts',
      ],
      runs: names,
    },
    {
      changed: [
        'vitest.config.ts',
        'test/fixtures/events.ts',
        'test/shared-rules/a.json',
        'cdp.config.ts',
        'cdp.recipes.ts',
        'local/platform/aws.ts',
      ],
      runs: names,
    },
    {
      changed: ['glue-scripts/jobs/events.py', 'bin/query.ts'],
      runs: names.filter((name) => !['pure', 'simulation'].includes(name)),
    },
    {
      changed: ['docs/guide.md', 'README.md'],
      runs: [...deployed, 'emulator', 'infra', 'mocking', 'repository', 'unit'],
    },
    { changed: ['bench/cost/cost.ts'], runs: [...deployed, 'glue', 'mocking', 'repository', 'unit'] },
    { changed: ['test/glue/test_rfm.py', 'test/glue/worlds.ts'], runs: ['glue', 'repository'] },
    { changed: ['test/adapters/destinations/egress.test.ts'], runs: ['mocking', 'repository', 'unit'] },
    {
      changed: ['test/functions/stitch/stitch.test.ts'],
      runs: ['pure', 'mocking', 'repository'],
    },
    { changed: ['test/core/values/paging.test.ts'], runs: ['pure', 'mocking', 'repository', 'unit'] },
    { changed: ['test/architecture.test.ts', '.ci/run', 'biome.json'], runs: ['repository'] },
  ])('let $runs run after $changed', ({ changed, runs }) => {
    for (const file of changed)
      expect(
        names.filter((name) => isIn(file, inputs[name as keyof typeof inputs])),
        file,
      ).toEqual([...runs].sort());
  });

  it('of the rules of the repository are all of it', () =>
    expect(tracked.filter((file) => !isIn(file, inputs.repository))).toEqual([]));
});

describe('what tests import and name', () => {
  const listed = JSON.parse(execFileSync('vitest', ['list', '--filesOnly', '--json'], { encoding: 'utf8' })) as {
    file: string;
    projectName: string;
  }[];
  const filesOf = (project: string) =>
    listed.filter(({ projectName }) => projectName === project).map(({ file }) => file.slice(process.cwd().length + 1));
  /** What a part runs beside its tests. */
  const started: Readonly<Record<string, readonly string[]>> = {
    glue: globSync('test/glue/**/*.{ts,py}'),
    demo: ['local/start.ts'],
    ...Object.fromEntries(
      ['e2e', 'operation', 'storm', 'alarms'].map((name) => [
        name,
        [
          'test/e2e/platform/platform.ts',
          'test/e2e/platform/serve-platform.ts',
          ...globSync(['bin/*.ts', 'bench/**/*.ts']),
        ],
      ]),
    ),
  };

  it('every file of tests is in one project', () => {
    expect(listed.map(({ file }) => file.slice(process.cwd().length + 1)).sort()).toEqual(
      globSync('test/**/*.test.ts').sort(),
    );
    expect(listed.filter(({ projectName }) => !names.includes(projectName))).toEqual([]);
  });

  it.each(names)('is among the inputs of %s', (name) => {
    const roots = [...filesOf(name), ...(started[name] ?? [])];
    expect(roots.length).toBeGreaterThan(0);
    expect([...reached(roots)].filter((file) => !isIn(file, inputs[name as keyof typeof inputs]))).toEqual([]);
  });

  it('would be missed, where a list lacked it', () => {
    expect([...reached(['test/infra/profiles/scale.test.ts'])].some((file) => file.startsWith('lib/'))).toBe(true);
    expect([...reached(['test/hosted-ci.test.ts'])]).toContain('.ci/run');
  });
});

/** Files that these import, one through another, and those that they name by a text. */
function reached(roots: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const todo = [...roots];
  for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    if (!/\.(ts|mjs|py)$/.test(file)) continue;
    const source = readFileSync(file, 'utf8').replaceAll(/^ *(?:\/\*\*[\s\S]*?\*\/|\/\/.*)/gm, '');
    for (const [, from = ''] of source.matchAll(/(?:from\s+|import\s*\(?\s*)'(\.{1,2}\/[^']*)'/g))
      todo.push(...[normalize(join(dirname(file), from))].filter(existsSync));
    for (const [, text = ''] of source.matchAll(/['"`]([\w.-]+(?:\/[\w.-]+)+|[\w-]+\.(?:md|json|ts))['"`]/g))
      if (tracked.includes(text)) found.add(text);
  }
  return found;
}
