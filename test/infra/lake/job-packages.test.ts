import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { historiesJob, type JobName, jobsInOrder, recordsJob } from '../../../lambdas/core/contract/jobs.ts';
import { jobKinds } from '../../../lib/lake/job-kinds.ts';
import { zipOfWheels } from '../../../lib/lake/job-packages.ts';
import { pinnedWheels } from '../../../lib/lake/wheels.mjs';

const jobs: readonly JobName[] = [...jobsInOrder(true, true), historiesJob, recordsJob];
const python = '.venv/bin/python';

/** Imports all that a job imports, with these packages and what Glue has; gives those that were imported. */
function imports(job: JobName, packages: readonly string[]): readonly string[] | string {
  const { status, stdout, stderr } = spawnSync(python, ['test/infra/job_imports.py', job, ...packages], {
    encoding: 'utf8',
  });
  return status === 0 ? (JSON.parse(stdout) as string[]) : stderr.trim();
}

const pinsIn = (file: string): Map<string, string> =>
  new Map(
    [...readFileSync(file, 'utf8').matchAll(/^([\w.-]+)==(\S+)/gm)].map(([, name = '', version = '']) => [
      plain(name),
      version,
    ]),
  );
const plain = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-');

describe('the packages of a job', () => {
  it.each(jobs)('are what %s imports beside Glue’s, all of it and no more', (job) => {
    expect(imports(job, jobKinds[job].packages)).toEqual([...jobKinds[job].packages].sort());
  });

  it.each([
    { job: 'identities', lacking: 'scipy', module: 'scipy' },
    { job: 'profiles', lacking: 'phonenumbers', module: 'phonenumbers' },
    { job: 'matches', lacking: 'sqlglot', module: 'sqlglot' },
    { job: 'events', lacking: 'ua-parser', module: 'ua_parser' },
  ] as const)('are missed by $job where $lacking is not among them', ({ job, lacking, module }) => {
    const others = jobKinds[job].packages.filter((name) => name !== lacking);
    expect(imports(job, others)).toBe(`ModuleNotFoundError: No module named '${module}'`);
  });
});

describe('what jobs are tested with', () => {
  const ofGlue = pinsIn('local/setup/glue-5.1.txt');
  const installers = ['pip', 'uv'];
  const freeze = spawnSync(
    python,
    ['-c', 'from importlib.metadata import distributions as d\nfor one in d(): print(f"{one.name}=={one.version}")'],
    {
      encoding: 'utf8',
    },
  );
  const installed = new Map(
    [...freeze.stdout.matchAll(/^([\w.-]+)==(\S+)/gm)].map(([, name = '', version = '']) => [plain(name), version]),
  );

  it('is what Glue 5.1 has, wherever both have a package', () => {
    const shared = [...installed].filter(([name]) => ofGlue.has(name) && !installers.includes(name));
    expect(shared.map(([name]) => name)).toEqual(
      expect.arrayContaining(['boto3', 'botocore', 'numpy', 'pandas', 'pyarrow']),
    );
    expect(shared.filter(([name, version]) => ofGlue.get(name) !== version)).toEqual([]);
  });

  it('has the distutils that PySpark imports, which Python itself lacks since 3.12', () => {
    const env = { ...process.env, SETUPTOOLS_USE_DISTUTILS: 'local' };
    const { stdout } = spawnSync(python, ['-c', 'import distutils; print(distutils.__file__)'], {
      encoding: 'utf8',
      env,
    });
    expect(stdout).toContain('site-packages/setuptools/');
    expect(pinsIn('local/setup/requirements.txt').get('setuptools')).toBe(ofGlue.get('setuptools'));
  });

  it('is what jobs are given, in the same versions', () => {
    expect(pinnedWheels().filter(({ name, version }) => installed.get(name) !== version)).toEqual([]);
  });

  it('is never given to them where Glue has it', () =>
    expect(pinnedWheels().filter(({ name }) => ofGlue.has(name))).toEqual([]));

  it('is what this machine’s list says', () => {
    const listed = new Map([...pinsIn('local/setup/requirements.txt'), ...pinsIn('local/setup/requirements-data.txt')]);
    expect([...listed].filter(([name, version]) => installed.get(name) !== version)).toEqual([]);
  });
});

describe('a zip of wheels', () => {
  const madeIn = (outdir: string, names: readonly string[]) => {
    const stack = new Stack(new App({ outdir: join('.local/test', outdir) }), 'Some');
    return { ...zipOfWheels(stack, names), stack };
  };

  it('is named by its pins, wherever it is made, so that Glue takes it for one', () => {
    const [here, there] = ['here', 'there'].map((outdir) => madeIn(outdir, jobKinds.events.packages));
    expect(here?.objectKey).toMatch(/^[0-9a-f]{64}\.gluewheels\.zip$/);
    expect(there?.objectKey).toBe(here?.objectKey);
    expect(madeIn('other', jobKinds.identities.packages).objectKey).not.toBe(here?.objectKey);
  });

  it('holds a wheel of each pin, for Python 3.11 on Linux x86_64 or for any, and the list that pip is given', () => {
    const { stack, objectKey } = madeIn('held', jobKinds.matches.packages);
    const folder = join('.local/test/held', `asset.${objectKey.slice(0, 64)}`, 'wheels');
    const pins = pinnedWheels().filter(({ name }) => jobKinds.matches.packages.includes(name));
    expect(stack.node.children).toHaveLength(1);
    expect(readFileSync(join(folder, 'requirements.txt'), 'utf8').trim().split('\n').sort()).toEqual(
      pins.map(({ name, version }) => `${name}==${version}`).sort(),
    );
    const wheels = readdirSync(folder).filter((file) => file.endsWith('.whl'));
    expect(wheels.map((wheel) => wheel.split('-').slice(0, 2).join('==').replaceAll('_', '-')).sort()).toEqual(
      pins.map(({ name, version }) => `${name}==${version}`).sort(),
    );
    for (const wheel of wheels)
      expect(wheel).toMatch(/-(cp311-cp311-manylinux.*x86_64|py2\.py3-none-any|py3-none-any)\.whl$/);
  });

  it('is made whole where a synthesis before was ended in the middle', () => {
    const { objectKey } = madeIn('ended', jobKinds.events.packages);
    const folder = join('.local/test/ended', `asset.${objectKey.slice(0, 64)}`, 'wheels');
    const sizes = () =>
      Object.fromEntries(readdirSync(folder).map((file) => [file, statSync(join(folder, file)).size]));
    const whole = sizes();
    const [first = '', second = ''] = Object.keys(whole);
    truncateSync(join(folder, first), 10);
    rmSync(join(folder, second));
    expect(sizes()).not.toEqual(whole);
    madeIn('ended', jobKinds.events.packages);
    expect(sizes()).toEqual(whole);
    rmSync(folder, { recursive: true });
    madeIn('ended', jobKinds.events.packages);
    expect(sizes()).toEqual(whole);
  });

  it('of a package that is not pinned is refused by name', () =>
    expect(() => madeIn('none', ['left-pad'])).toThrow('left-pad is not pinned in glue-scripts/requirements.txt'));

  it('is made for no job that needs none', () => {
    expect(jobs.filter((job) => jobKinds[job].packages.length === 0)).toEqual(['marts', 'queries', 'records']);
  });
});
