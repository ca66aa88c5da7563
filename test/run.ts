import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';

const usage = `npm test [-- <vitest arguments>]

Without arguments: checks style and types, makes the template, runs every test and ends with a line "N passed, N failed".
With arguments: makes the template if there is none and runs vitest with them, e.g.
  npm test -- test/core/stitch.test.ts
  npm test -- --project e2e -t "browser"
The jobs of the lake are tested with pytest: .venv/bin/python -m pytest test/glue
Projects: unit (seconds), simulation (what fails, who races), infra (the shipped template), e2e (the deployed stack with real clients), storm (thousands of merges on the deployed stack), alarms (each rings, on the deployed stack).`;

const glueReport = '.local/test/glue.xml';
/** Away from the ports of a platform that may be running; its files are apart, too. */
const demoPort = '24566';
const chosen = process.argv.slice(2);

if (chosen.includes('--help')) console.log(usage);
else process.exitCode = chosen.length > 0 ? await run('vitest', ['run', ...chosen]) : await runAll();

/** Style, types and template first, side by side; then every test against that one template, and the demo, which checks itself, in two lanes. */
async function runAll(): Promise<number> {
  mkdirSync('.local/test', { recursive: true });
  const checks = await Promise.all([run('biome', ['check', '.']), run('tsc', ['--noEmit']), run('tsx', ['local/synthesize.ts'])]);
  const lanes = await Promise.all([
    inOrder(
      () => runProjects('unit', 'simulation', 'infra'),
      () => runProjects('storm'),
      () => runProjects('alarms'),
      runDemo,
    ),
    inOrder(runGlueTests, () => runProjects('e2e')),
  ]);
  const counts = [...checks.map(asCount), ...lanes.flat()];
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

interface Count {
  readonly passed: number;
  readonly failed: number;
}

function asCount(exitCode: number): Count {
  return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function inOrder(...parts: readonly (() => Promise<Count>)[]): Promise<Count[]> {
  const counts: Count[] = [];
  for (const part of parts) counts.push(await part());
  return counts;
}

async function runDemo(): Promise<Count> {
  return asCount(
    await run('tsx', ['local/start.ts', '--once', '--as-documented'], { CDP_LOCAL_PORT: demoPort, CDP_LOCAL_DIRECTORY: '.local/test/demo' }),
  );
}

/** Runs some projects and counts. A run that broke off, or a file that could not be loaded, is a failure although no test in it failed. */
async function runProjects(...projects: readonly string[]): Promise<Count> {
  const results = `.local/test/${projects[0]}.json`;
  rmSync(results, { force: true });
  const exitCode = await run('vitest', [
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${results}`,
  ]);
  const { numPassedTests = 0, numFailedTests = 0 } = readResults(results);
  return { passed: numPassedTests, failed: exitCode === 0 ? numFailedTests : Math.max(1, numFailedTests) };
}

/** Runs the tests of the lake's jobs in two processes with a Spark session each: one alone leaves half of two cores idle. */
async function runGlueTests(): Promise<Count> {
  rmSync(glueReport, { force: true });
  const options = ['-q', '-p', 'no:cacheprovider', '-n', '2', '--dist', 'worksteal', `--junitxml=${glueReport}`];
  const exitCode = await run('.venv/bin/python', ['-m', 'pytest', ...options, 'test/glue']);
  const suite = existsSync(glueReport) ? readFileSync(glueReport, 'utf8') : '';
  const count = (attribute: string) => Number(suite.match(new RegExp(`<testsuite [^>]*\\b${attribute}="(\\d+)"`))?.[1] ?? 0);
  const failed = count('failures') + count('errors') + count('skipped');
  return { passed: count('tests') - failed, failed: exitCode === 0 ? failed : Math.max(1, failed) };
}

function readResults(file: string): { numPassedTests?: number; numFailedTests?: number } {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { numPassedTests: number; numFailedTests: number };
  } catch {
    return {};
  }
}

function run(command: string, args: string[], environment: NodeJS.ProcessEnv = {}): Promise<number> {
  const started = Date.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(1);
    });
    child.on('close', (code) => {
      console.log(`${command} ${args[0] ?? ''}: ${code === 0 ? 'ok' : `failed (${code})`} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
      resolve(code ?? 1);
    });
  });
}
