import { categoryNames, categoryOf } from '../../lambdas/adapters/destinations/catalogue/definitions/categories.ts';
import type { Definition } from '../../lambdas/adapters/destinations/catalogue/definitions/definition.ts';
import {
  installedDefinition,
  installedTools,
} from '../../lambdas/adapters/destinations/catalogue/definitions/installed.ts';
import { whyUnusable } from '../../lambdas/adapters/destinations/catalogue/definitions/unusable.ts';
import { Misused } from '../terminal/command.ts';
import { textTable } from '../terminal/text-table.ts';
import { describeTool, plain } from './description.ts';

/** Tools that can be used, by category; all, or those with a word in the name or the category. */
export function listText(word = ''): string {
  const asked = word.toLowerCase();
  const rows = installedTools()
    .filter((tool) => whyUnusable(tool) === undefined)
    .map((tool) => ({ tool, name: plain(installedDefinition(tool)?.name ?? ''), category: categoryOf(tool) ?? '' }))
    .filter((row) => Object.values(row).some((text) => text.toLowerCase().includes(asked)));
  if (rows.length === 0) throw new Misused(`no tool of the catalogue is called "${word}", nor is a category`);
  const parts = categoryNames().flatMap((category) => {
    const tools = rows.filter((row) => row.category === category).map(({ tool, name }) => [`  ${tool}`, name]);
    return tools.length === 0 ? [] : [`${category} (${tools.length})\n${textTable(tools).join('\n')}`];
  });
  return `${parts.join('\n\n')}\n\n${rows.length} tools; npm run destination -- describe <name> tells what one needs`;
}

/**
 * The definition of a tool that can be used.
 * @throws Misused with the reason and the alternative
 */
export function usableDefinition(tool: string): Definition {
  const unusable = whyUnusable(tool);
  if (unusable !== undefined)
    throw new Misused(`${tool} cannot be used here: ${unusable.reason}. Use ${unusable.instead}`);
  const definition = installedDefinition(tool);
  if (definition === undefined)
    throw new Misused(`the catalogue has no "${tool}"; npm run destination -- list shows all`);
  return definition;
}

/** What a tool needs and does, with an example. */
export function describeText(tool: string): string {
  const told = describeTool(tool, usableDefinition(tool));
  const part = (title: string, rows: readonly (readonly string[])[]): string[] =>
    rows.length === 0 ? [] : ['', title, ...textTable(rows.map((row) => row.map((cell, n) => shown(cell, n))))];
  return [
    `${told.name} (${told.category})`,
    ...told.needs.map((need) => `  needs: ${need}`),
    ...part('Settings', told.settings),
    ...part('Settings of its lists', told.audience),
    ...part(
      'Actions: what it does, takes batches, told when',
      told.actions.map(([...cells]) => [...cells.slice(0, -1), cells.at(-1) || 'not by itself']),
    ),
    '',
    ...addLines(tool),
  ].join('\n');
}

const shown = (cell: string, column: number): string =>
  column === 0 ? `  ${cell}` : shortened(cell.replaceAll('**', ''));
const shortened = (text: string): string => (text.length > 70 ? `${text.slice(0, 69)}…` : text);

/** What to paste and to run for a new destination. */
export const addText = (tool: string): string => addLines(tool).join('\n');

function addLines(tool: string): string[] {
  const { configuration, secret } = describeTool(tool, usableDefinition(tool));
  return [
    'In cdp.config.ts, below destinations:',
    '',
    `${configuration},`,
    '',
    ...(secret === undefined
      ? ['It needs no secret.', '']
      : [
          'After the deployment, write its secret to a file and store it. Then delete the file.',
          '',
          secret,
          '',
          `npm run destination -- ${tool} --settings secret.json`,
          '',
        ]),
    `Then try it: npm run destination -- test ${tool} --segment big_spenders`,
  ];
}
