import { inputs } from './inputs.ts';
import type { Part, Service } from './part.ts';

const reports = '.local/test/reports';

const vitest = (name: keyof typeof inputs): Part => {
  const report = `${reports}/${name}.json`;
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const commandOf = (files: readonly string[]) => ['vitest', 'run', '--project', name, ...reporters, ...files];
  return { name, command: commandOf([]), commandOf, report, inputs: inputs[name] };
};

const pytest = (name: keyof typeof inputs, ...args: readonly string[]): Part => {
  const report = `${reports}/${name}.xml`;
  const quiet = ['-q', '-p', 'no:cacheprovider', `--junitxml=${report}`];
  const commandOf = (files: readonly string[]) => ['.venv/bin/python', '-m', 'pytest', ...quiet, ...args, ...files];
  return { name, command: commandOf([`test/${name}`]), commandOf, report, inputs: inputs[name] };
};

/** Style, types and the template, which the others build on. */
export const checks: readonly Part[] = [
  { name: 'style', command: ['biome', 'check', '.'] },
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'template', command: ['node', 'local/platform/synthesize.ts'] },
];

const demo: Part = {
  name: 'demo',
  command: ['node', 'local/start.ts', '--once', '--as-documented'],
  // Away from the ports of a platform that may be running; its files are apart, too.
  env: { CDP_LOCAL_PORT: '24566', CDP_LOCAL_DIRECTORY: '.local/test/demo' },
  inputs: inputs.demo,
};

const ready = '.local/test/platform.json';
/** One platform for those who leave it as it was, or as nobody after them minds. */
const platform: Service = {
  name: 'platform',
  command: ['node', 'test/e2e/platform/serve-platform.ts', ready],
  ready,
  env: { CDP_TEST_PLATFORM: ready },
};
const onPlatform = (name: keyof typeof inputs): Part => ({ ...vitest(name), needs: platform });

/** Gets of the processors what others leave. */
const inBackground = (part: Part): Part => ({ ...part, command: ['nice', '-n', '10', ...part.command] });

/**
 * Lanes run side by side, and the parts of a lane one after the other. Two compute, in the background; the other two
 * mostly wait, for batches, queues and alarms, and get the processors first, so that what they wait for comes as on a
 * machine of its own.
 */
export const lanes: readonly (readonly Part[])[] = [
  (['pure', 'infra', 'simulation', 'unit', 'mocking', 'repository'] as const).map(vitest).map(inBackground),
  // Two processes with a Spark session each.
  [pytest('glue', '-n', '2', '--dist', 'loadfile')].map(inBackground),
  [
    // On a platform of its own: it breaks part after part, and no other may have let an alarm ring before.
    vitest('alarms'),
    // The storm comes last, because it fills the table.
    ...(['e2e', 'operation', 'storm'] as const).map(onPlatform),
  ],
  [
    // On a platform of its own: it compares a whole table with what it sent.
    demo,
    // On a platform of its own, which has many tools and webhooks behind a proxy.
    vitest('destinations'),
    // On a platform of its own, which has sources that jobs read.
    vitest('sources'),
    vitest('emulator'),
  ],
];
