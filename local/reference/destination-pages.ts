import { describeTool, plain, type ToolDescription } from '../../bin/destinations/description.ts';
import { categoryNames } from '../../lambdas/adapters/destinations/catalogue/definitions/categories.ts';
import {
  installedDefinition,
  installedTools,
} from '../../lambdas/adapters/destinations/catalogue/definitions/installed.ts';
import { unusableTools, whyUnusable } from '../../lambdas/adapters/destinations/catalogue/definitions/unusable.ts';
import { code, table } from './markdown.ts';

const folder = 'docs/destinations';
const generated = '<!-- Written by `npm run reference` from the catalogue. Change bin/destinations. -->';

/** Pages about the tools of the catalogue, by file: one for each, and an index by category. */
export function destinationPages(): ReadonlyMap<string, string> {
  const tools = installedTools().flatMap((tool) => {
    const definition = whyUnusable(tool) === undefined ? installedDefinition(tool) : undefined;
    return definition === undefined ? [] : [describeTool(tool, definition)];
  });
  return new Map([
    [`${folder}/README.md`, index(tools)],
    ...tools.map((told) => [`${folder}/${told.tool}.md`, page(told)] as const),
  ]);
}

const lines = (...parts: readonly (string | readonly string[])[]): string => `${parts.flat().join('\n').trimEnd()}\n`;

function index(tools: readonly ToolDescription[]): string {
  const refused = unusableTools().flatMap((tool) => {
    const why = whyUnusable(tool);
    return why === undefined ? [] : [[code(tool), why.reason, why.instead]];
  });
  return lines(
    '# Destinations of the catalogue',
    '',
    generated,
    '',
    `${tools.length} tools that a destination of the kind \`catalogue\` can be. [Configure](../guides/configure.md#tools-of-the-catalogue)`,
    'says how. `npm run destination -- list` shows the same, and `describe` shows what is on the page of a tool.',
    '',
    'A tool with **lists** keeps a list of people for each segment. A tool with **tokens** is reached by OAuth.',
    '',
    categoryNames().flatMap((category) => [
      `## ${category}`,
      '',
      ...table(
        ['tool', 'name', 'actions', 'lists', 'tokens'],
        tools.filter((told) => told.category === category).map(indexRow),
      ),
    ]),
    '## What cannot be used',
    '',
    'Some tools of the library work only inside Segment. The configuration refuses them with the reason.',
    '',
    table(['tool', 'reason', 'use instead'], refused),
  );
}

const indexRow = ({ tool, name, actions, needs }: ToolDescription): string[] => [
  `[${tool}](${tool}.md)`,
  name,
  String(actions.length),
  needs.some((need) => need.includes('lists')) ? 'yes' : '',
  needs.some((need) => need.includes('OAuth')) ? 'yes' : '',
];

function page(told: ToolDescription): string {
  const secret =
    told.secret === undefined
      ? ['It needs no secret.', '']
      : [
          `Its secret, stored by \`npm run destination -- ${told.tool} --settings secret.json\`:`,
          '',
          '```json',
          told.secret,
          '```',
          '',
        ];
  return lines(
    `# ${told.name}`,
    '',
    generated,
    '',
    `${told.category}: the tool \`${told.tool}\` of the [catalogue](README.md).`,
    '',
    '```ts',
    `${told.configuration},`,
    '```',
    '',
    secret,
    told.needs.length === 0 ? [] : ['## What it needs', '', ...told.needs.map((need) => `- ${need}`), ''],
    section('## Settings', told.settings),
    section('## Settings of its lists', told.audience),
    '## Actions',
    '',
    told.actions.some(([, , , when]) => when !== '')
      ? `By itself it is told by ${told.toldBy} calls, as the last column says. \`actions\` of the configuration replace this.`
      : 'By itself it is told nothing: `actions` of the configuration say what it does.',
    '',
    table(
      ['action', 'what it does', 'batches', 'told when'],
      told.actions.map(([name = '', what = '', batches = '', when = '']) => [
        code(name),
        words(what),
        batches,
        when === '' ? 'not by itself' : code(when),
      ]),
    ),
  );
}

const section = (title: string, rows: ToolDescription['settings']): readonly string[] =>
  rows.length === 0
    ? []
    : [
        title,
        '',
        ...table(
          ['setting', 'what it is', 'holds', 'stands in the'],
          rows.map(([name = '', what = '', holds = '', where = '']) => [code(name), words(what), holds, where]),
        ),
      ];

/** Words of the catalogue, without what a page would read as its own. */
const words = (text: string): string =>
  plain(text)
    .replaceAll(/[`*_]/g, '')
    .replaceAll(/\b[T]ODO\b:?|[X]{3}/g, '…');
