import { globSync, readFileSync } from 'node:fs';
import { Project } from 'ts-morph';
import * as z from 'zod';
import { CdpConfig } from '../../lambdas/core/config/config.ts';
import { storesTable } from '../../lambdas/core/privacy/stores/stores.ts';
import { Computation } from '../../lambdas/core/segments/language/computation.ts';
import { Zone } from '../../lambdas/core/segments/language/definitions.ts';
import { Rule } from '../../lambdas/core/segments/language/rule.ts';
import { constructText } from './constructs.ts';
import { docstringOf } from './docstring.ts';
import { fenced } from './markdown.ts';
import { roomsOf } from './rooms.ts';
import { roomsText } from './rooms-text.ts';
import { segmentsPage } from './segments-page.ts';
import type { Setting } from './setting-type.ts';
import { settingsText } from './settings.ts';

/** Declarations that the reference describes, by file. */
export const publicShapes = {
  'lib/platform/customer-data-platform.ts': ['CustomerDataPlatform'],
  'lib/platform/cdp-stack.ts': ['CdpStack'],
  'lib/platform/platform-props.ts': ['CustomerDataPlatformProps'],
  'lib/blocks/capacity-props.ts': [
    'FunctionSize',
    'StitchSize',
    'DeliverSize',
    'TableCapacity',
    'ProvisionedCapacity',
    'Bounds',
  ],
  'lib/lake/job-settings.ts': ['JobsProps', 'JobSize', 'ApartJobSize'],
  'lib/analytics/lake-formation.ts': ['LakeFormationProps'],
} as const;
export const configFile = 'lambdas/core/config/config.ts';

/** Types of fields that are functions' results, or that a schema's JSON cannot say. */
const typesBySchema: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [Rule, '[condition](segments.md#conditions)'],
  [Computation, '[computation](segments.md#computations)'],
  [Zone, 'text, or `{ trait, default }`'],
]);

const generated = '<!-- Written by `npm run reference` from the docstrings. Change those. -->';

/** Loads files of code, and their types on demand. */
const openProject = (): Project =>
  new Project({
    tsConfigFilePath: 'tsconfig.json',
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
  });

/** Pages that `npm run reference` writes wholly or in part, by file. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/reference/constructs.md', constructsPage()],
    ['docs/reference/configuration.md', configurationPage()],
    ['docs/reference/segments.md', segmentsPage(openProject(), generated)],
    [architecture, architecturePage()],
    ['docs/privacy.md', storesPage()],
  ]);
}

const architecture = 'docs/concepts/architecture.md';
/** Files with code of the product and of the local platform. */
export const codeFiles = (): string[] => globSync('{bin,lib,lambdas,local,glue-scripts}/**/*.{ts,mjs,py}').sort();

/** The page about architecture with new text between the markers of its rooms. */
function architecturePage(): string {
  const page = readFileSync(architecture, 'utf8');
  const [before, rest] = page.split('<!-- rooms: npm run reference -->\n');
  const after = rest?.split('<!-- end of rooms -->')[1];
  if (before === undefined || after === undefined) throw new Error(`${architecture} lacks a marker of its rooms`);
  return `${before}<!-- rooms: npm run reference -->\n\n${roomsText(roomsOf(codeFiles()))}\n\n<!-- end of rooms -->${after}`;
}

/** The page about privacy with the table of all stores between its markers. */
function storesPage(): string {
  const page = readFileSync('docs/privacy.md', 'utf8');
  const [before, rest] = page.split('<!-- stores: npm run reference -->\n');
  const after = rest?.split('<!-- end of stores -->')[1];
  if (before === undefined || after === undefined) throw new Error('docs/privacy.md lacks a marker of its stores');
  const table = storesTable().join('\n');
  return `${before}<!-- stores: npm run reference -->\n\n${table}\n\n<!-- end of stores -->${after}`;
}

function constructsPage(): string {
  const project = openProject();
  const parts = Object.entries(publicShapes).flatMap(([path, names]) =>
    names.map((name) => constructText(project.addSourceFileAtPath(path), name)),
  );
  return [
    '# Constructs',
    '',
    generated,
    '',
    'The constructs that your own app can use, and every prop. `Duration`, `Size` and `RemovalPolicy` come from',
    '`aws-cdk-lib`. [Configure](../guides/configure.md) says when to change which prop. The prop `config` has a page of its',
    'own: [configuration](configuration.md).',
    '',
    ...parts,
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function configurationPage(): string {
  const project = openProject();
  const file = project.addSourceFileAtPath(configFile);
  const input = file.getTypeAliasOrThrow('CdpConfigInput');
  const setting = z.toJSONSchema(CdpConfig, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      const type = typesBySchema.get(zodSchema);
      if (type !== undefined) jsonSchema.title = type;
      if (def.type === 'default') jsonSchema.default = def.defaultValue as [];
    },
  }) as Setting;
  const parse = docstringOf(file.getFunctionOrThrow('parseConfig'));
  return [
    '# Configuration',
    '',
    generated,
    '',
    'Every field of `cdp.config.ts`, which is the prop `config` of the [constructs](constructs.md). `npx cdk synth` checks',
    'it and names each wrong field. [Configure](../guides/configure.md) explains what to choose.',
    '',
    '## Fields',
    '',
    ...settingsText({ path: '', setting, type: input.getType() }, input),
    '## `parseConfig`',
    '',
    parse.promise,
    '',
    ...parse.examples.flatMap(fenced),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}
