/** Whatever part it is: what runs it, and what all of them may use. */
const always = [
  ...[
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'vitest.config.ts',
    'test/run.ts',
    'test/parts',
    'test/fixtures',
    'test/fakes',
    'test/shared-rules',
  ],
  ...[
    'local/setup/requirements.txt',
    'local/setup/requirements-data.txt',
    'local/setup/requirements-emulator.txt',
    'local/setup/jars.json',
  ],
  ...['.venv/pyvenv.cfg', '.venv-emulator/pyvenv.cfg'],
];
const configuration = ['cdp.config.ts', 'cdp.recipes.ts'];
const platform = ['bin', 'lib', 'lambdas', 'glue-scripts', 'local', ...configuration, 'cdk.json'];
const pages = ['docs', 'README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'];
const configured = [
  '.ci',
  '.github',
  '.gitignore',
  'LICENSE',
  'biome.json',
  'stryker.config.json',
  'vitest.mutation.config.ts',
];
const pure = ['test/core', 'test/functions'];
const unit = ['adapters', 'operations', 'bin', 'demo', 'bench', 'simulation', 'e2e'].map((room) => `test/${room}`);
const endToEnd = [...platform, ...pages, 'bench', 'test/e2e', 'test/simulation'];

/**
 * Files and folders that decide how a part ends. They are rather too wide than too narrow: a part that is not run
 * because a list lacks what it reads would be taken for proven and is not. A folder that is not there yet may come.
 */
export const inputs = {
  glue: [...always, ...platform, 'bench', 'test/glue', 'test/core/segments', 'test/functions/tend'],
  infra: [...always, ...platform, ...pages, 'test/infra', 'test/e2e'],
  simulation: [
    ...always,
    'lib',
    'lambdas',
    'local',
    ...configuration,
    'test/simulation',
    'test/contract',
    'test/local',
    'test/core/segments',
  ],
  pure: [
    ...always,
    'lib',
    'lambdas',
    'local',
    ...configuration,
    ...pure,
    'test/simulation',
    'test/e2e',
    'docs/examples',
    'docs/reference/access-report.md',
    'docs/sources',
  ],
  unit: [...always, ...platform, ...pages, 'bench', ...unit, 'test/core'],
  mocking: [...always, ...platform, ...pages, 'bench', ...unit, ...pure, 'test/infra'],
  repository: [...always, ...platform, ...pages, ...configured, 'bench', 'test'],
  demo: [...always, ...endToEnd],
  e2e: [...always, ...endToEnd],
  operation: [...always, ...endToEnd],
  storm: [...always, ...endToEnd],
  alarms: [...always, ...endToEnd],
  destinations: [...always, ...endToEnd],
  sources: [...always, ...endToEnd],
  emulator: [...always, ...platform, ...pages, 'test/local', 'test/contract', 'test/infra', 'test/e2e'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
