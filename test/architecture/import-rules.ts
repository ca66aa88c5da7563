/**
 * Who may import whom, folder by folder. What is imported is a package, or a file by its path from the repository's
 * root.
 */
export interface ImportRule {
  /** The files of this rule: a pattern over paths from the root. */
  readonly files: RegExp;
  readonly mayImport: RegExp;
  /** May be imported for their types only: they are gone when the code runs. */
  readonly typesFrom?: RegExp;
  /** Imports that this rule is there to stop. */
  readonly refused: readonly string[];
}

/** One of several. */
const anyOf = (...patterns: readonly (RegExp | string)[]): RegExp =>
  new RegExp(patterns.map((pattern) => (typeof pattern === 'string' ? `^${pattern}/` : pattern.source)).join('|'));

/** Rooms of a folder, each of which may import those before it. */
const stair = (
  folder: string,
  rooms: readonly string[],
  others: { readonly mayImport: readonly (RegExp | string)[]; readonly typesFrom?: RegExp; readonly refused: string },
): ImportRule[] =>
  rooms.map((room, at) => ({
    files: new RegExp(`^${folder}/${room}/[^/]+$`),
    mayImport: anyOf(...rooms.slice(0, at + 1).map((name) => `${folder}/${name}`), ...others.mayImport),
    ...(others.typesFrom && { typesFrom: others.typesFrom }),
    refused: [others.refused, ...rooms.slice(at + 1).map((name) => `${folder}/${name}/planted.ts`)],
  }));

/**
 * The core has no AWS, no clock, no chance and no environment; each room knows those before it, and `config` is on top.
 */
const coreRooms = [
  ...[
    'contract',
    'values',
    'matching',
    'sources/vendors',
    'sources/pulls',
    'sources',
    'files',
    'lake',
    'consent',
    'events',
    'identifiers',
    'privacy/stores',
    'privacy',
    'imports',
    'segments/comparisons',
    'segments/aggregates',
    'segments/language',
    'segments/program',
    'profile',
    'segments/due',
    'limits',
    'segments/evaluation',
    'segments/history',
    'segments/explanation',
    'segments',
    'stitching/batch',
    'stitching/placement',
    'stitching/effects',
    'stitching',
    'table',
  ],
  ...['destinations/forwarding', 'destinations', 'attempts', 'apis', 'replay', 'operations', 'access', 'config'],
];

const adapterPackages =
  /^(#own-destination$|#asked-barriers$|#destination-kind$|kafkajs$|hyparquet(\/src\/column\.js|-compressors)?$|hyparquet-writer\/src\/index\.js$|@iab(tcf\/core|gpp\/cmpapi)$|@aws-sdk\/|@smithy\/|@aws-lambda-powertools\/|@segment\/|ipaddr\.js$|node-fetch$|zod$|node:)/;
const coreButConfig = /^lambdas\/core\/(?!config\/)/;

/** One folder for each thing outside; they share how to try again, and nothing else. */
const adapters = [
  'barriers',
  'bus',
  'cloudformation',
  'consent',
  'destinations',
  'dynamodb',
  'egress',
  'files',
  'lake',
  'metrics',
  'queues',
  'runtime',
  'secrets',
  'sources',
  'streams',
].map(
  (thing): ImportRule => ({
    files: new RegExp(`^lambdas/adapters/${thing}/`),
    mayImport: anyOf(
      adapterPackages,
      coreButConfig,
      `lambdas/adapters/${thing}`,
      'lambdas/adapters/streams',
      ...(thing === 'metrics' ? ['lambdas/adapters/runtime'] : []),
      ...(thing === 'barriers' ? ['lambdas/adapters/(dynamodb|metrics|runtime|secrets)'] : []),
      ...(thing === 'destinations' ? ['lambdas/adapters/egress'] : []),
      ...(thing === 'runtime' ? ['lambdas/core/config'] : []),
    ),
    typesFrom: anyOf('lambdas/core/config', ...(thing === 'destinations' ? ['lambdas/adapters/secrets'] : [])),
    refused: [
      'lambdas/functions/stitch/handler.ts',
      'lambdas/operations/replay.ts',
      `lambdas/adapters/${thing === 'queues' ? 'bus' : 'queues'}/planted.ts`,
    ],
  }),
);

const lambdas: readonly ImportRule[] = [
  ...stair('lambdas/core', coreRooms, {
    mayImport: [/^(zod|libphonenumber-js\/max|temporal-polyfill|@segment\/destination-subscriptions)$/],
    refused: 'node:crypto',
  }),
  ...adapters,
  {
    files: /^lambdas\/operations\//,
    mayImport: anyOf(
      'lambdas/operations',
      'lambdas/core',
      'lambdas/adapters',
      /^lambdas\/functions\/import\/rows\.ts$/,
      /^(zod|p-map|node:(crypto|fs|fs\/promises|path|timers\/promises))$/,
    ),
    refused: ['@aws-sdk/client-dynamodb', 'lambdas/functions/stitch/handler.ts', 'bin/terminal/command.ts'],
  },
  {
    files: /^lambdas\/functions\/\w+\/(?!index\.ts|kinds\/)/,
    mayImport: anyOf(
      /^(zod|p-map)$/,
      /^@aws-lambda-powertools\//,
      /^node:(crypto|zlib|util|buffer)$/,
      coreButConfig,
      /^lambdas\/functions\//,
    ),
    typesFrom: anyOf(/^aws-lambda$/, 'lambdas/adapters', 'lambdas/operations', 'lambdas/core/config'),
    refused: [
      '@aws-sdk/client-kinesis',
      'node:fs',
      'lambdas/adapters/secrets/secret.ts',
      'lib/blocks/handler-function.ts',
    ],
  },
  {
    files: /^lambdas\/functions\/deliver\/kinds\//,
    mayImport: anyOf(
      /^@aws-sdk\//,
      'lambdas/adapters',
      'lambdas/core/contract',
      'lambdas/core/destinations',
      'lambdas/functions/deliver/kinds',
    ),
    refused: ['lambdas/functions/deliver/handler.ts', 'lambdas/core/config/config.ts', 'kafkajs'],
  },
  {
    files: /^lambdas\/functions\/\w+\/index\.ts$/,
    mayImport: anyOf(
      adapterPackages,
      'lambdas/adapters',
      'lambdas/core/contract',
      /^lambdas\/operations\/(identity|privacy\/deployed-(officer|callbacks))\.ts$/,
      /^lambdas\/functions\/\w+\/handler\.ts$/,
    ),
    refused: ['lambdas/core/stitching/plan.ts', 'lambdas/core/config/config.ts'],
  },
];

const lib = stair(
  'lib',
  ['blocks', 'lake', 'ingestion', 'profiles', 'imports', 'activation', 'analytics', 'operations', 'alarms', 'platform'],
  {
    mayImport: [
      /^(aws-cdk-lib(\/.+)?|constructs|cdk-nag|node:.+)$/,
      'lambdas/core/(contract|lake|config)',
      /^lambdas\/adapters\/destinations\/catalogue\/(checks\/tool-flaws|definitions\/(definition|installed|needs-secret))\.ts$/,
      /^lambdas\/core\/(values\/(field-name|json)|privacy\/longest-erasure|table\/packing-dictionary|segments\/(history\/registry|program\/aggregates-read))\.ts$/,
    ],
    typesFrom: /^lambdas\/core\/(destinations\/definition|privacy\/deadlines|sources\/kafka)\.ts$/,
    refused: 'lambdas/core/stitching/plan.ts',
  },
);

const bin: readonly ImportRule[] = [
  ...stair(
    'bin',
    [
      'terminal',
      'athena',
      'deployment',
      'jobs',
      'status',
      'analytics-page',
      'segments',
      'destinations',
      'deliveries',
      'imports',
      'sources',
      'privacy',
    ],
    {
      mayImport: [
        /^(@aws-sdk\/.+|@smithy\/core\/client|node:.+|csv-parse\/sync|p-map|zod|cdp\.(config|recipes)\.ts)$/,
        'lambdas/(adapters|operations)',
        'lambdas/core/(contract|attempts|privacy)',
        /^lambdas\/core\/values\/thrown\.ts$/,
        'lib/analytics',
        /^lib\/platform\/retained\.ts$/,
      ],
      typesFrom: /^lambdas\/core\/(operations|segments\/explanation|destinations)\//,
      refused: 'local/platform/emulator-process.ts',
    },
  ),
  {
    files: /^bin\/[^/]+$/,
    mayImport: anyOf(
      /^(aws-cdk-lib|cdk-nag|p-map|@aws-sdk\/.+|node:.+|cdp\.config\.ts)$/,
      'bin/[\\w-]+',
      'lib',
      'lambdas/(adapters|operations)',
      'lambdas/core/(contract|attempts)',
      /^lambdas\/core\/values\/thrown\.ts$/,
    ),
    typesFrom: /^lambdas\/core\/operations\//,
    refused: [
      'local/platform/emulator-process.ts',
      'lambdas/core/stitching/plan.ts',
      'lambdas/functions/stitch/handler.ts',
      'bin/replay.ts',
    ],
  },
];

/**
 * What runs on one machine is a client of what is shipped: of rooms that commands share, and of no construct, function
 * or test.
 */
const local: readonly ImportRule[] = [
  ...stair(
    'local',
    ['setup', 'processes', 'platform', 'demo/shop', 'demo/findings', 'demo/systems', 'demo', 'release', 'reference'],
    {
      mayImport: [/^(?!lambdas\/|lib\/|bin\/|test\/|local\/|bench\/)/, 'bin/[\\w-]+', 'lambdas/(core|adapters)'],
      refused: 'lib/platform/cdp-stack.ts',
    },
  ),
  {
    files: /^local\/[^/]+$/,
    mayImport: /^(?!lib\/|test\/|bench\/|lambdas\/functions\/|bin\/[^/]+$)/,
    refused: [
      'lambdas/functions/collect/handler.ts',
      'lib/platform/cdp-stack.ts',
      'bin/replay.ts',
      'test/fixtures/events.ts',
    ],
  },
];

const others: readonly ImportRule[] = [
  {
    files: /^cdp\.\w+\.ts$/,
    mayImport: /^(lambdas\/core\/(segments\/language\/\w+|config\/config)|cdp\.recipes)\.ts$/,
    refused: ['node:fs', 'lambdas/core/stitching/plan.ts'],
  },
  {
    files: /^docs\/examples\//,
    mayImport: /^(?!bin\/|local\/|test\/|bench\/)/,
    refused: ['local/platform/platform.ts'],
  },
  {
    files: /^bench\/(?!simulate\.ts$)/,
    mayImport: /^(?!test\/(?!fakes\/)|local\/(?!demo\/|platform\/|processes\/)|bin\/(?!terminal\/))/,
    refused: ['test/e2e/platform/platform.ts', 'test/fixtures/events.ts', 'bin/replay.ts', 'local/start.ts'],
  },
  {
    files: /^bench\/simulate\.ts$/,
    mayImport: anyOf(/^node:/, 'bin/terminal', 'test/simulation'),
    refused: ['test/fixtures/events.ts'],
  },
  {
    files: /^test\/fakes\//,
    mayImport: anyOf(/^(@aws-sdk|@smithy|node:|aws-lambda$)/, 'test/fakes', 'lambdas/(core|adapters)'),
    refused: ['test/fixtures/events.ts', 'test/simulation/running/worker.ts', 'lib/platform/cdp-stack.ts'],
  },
  {
    files: /^test\/core\//,
    mayImport: /^(?!lambdas\/(adapters|operations|functions)\/|lib\/|bin\/|local\/|bench\/|@aws-sdk\/)/,
    refused: ['lambdas/adapters/secrets/secret.ts', 'lib/platform/cdp-stack.ts', 'local/start.ts'],
  },
  {
    files: /^test\/e2e\//,
    mayImport:
      /^(?!(lib|bin|lambdas)\/)|^lambdas\/core\/(contract\/|table\/(packing-dictionary|membership-packing)\.ts$|segments\/history\/registry\.ts$|config\/config\.ts$|privacy\/stores\/)/,
    refused: ['lambdas/functions/collect/handler.ts', 'lib/platform/cdp-stack.ts'],
  },
  { files: /^test\/(?!core\/|e2e\/|fakes\/)/, mayImport: /^(?!local\/start\.ts$)/, refused: ['local/start.ts'] },
];

export const importRules: readonly ImportRule[] = [...lambdas, ...lib, ...bin, ...local, ...others];
