import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { errorMessageOf } from '../../../../core/values/thrown.ts';
import { type Definition, definitionIn } from './definition.ts';

const load = createRequire(import.meta.url);
const folder = (): string => join(dirname(load.resolve('@segment/action-destinations')), 'destinations');

/** Where a tool's definition is, as functions import it. */
export const modulePath = (tool: string): string => `@segment/action-destinations/dist/destinations/${tool}/index.js`;

/** Names of all tools of the installed catalogue, sorted. */
export const installedTools = (): readonly string[] =>
  readdirSync(folder(), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(folder(), entry.name, 'index.js')))
    .map(({ name }) => name)
    .sort();

/** The definition of a tool; undefined if the catalogue has none. Loads no other. */
export function installedDefinition(tool: string): Definition | undefined {
  if (!/^[a-z0-9-]+$/.test(tool) || !existsSync(join(folder(), tool, 'index.js'))) return undefined;
  return definitionIn(load(modulePath(tool)));
}

/** Why a value is no mapping; undefined if it is one. */
export function mappingFault(value: unknown): string | undefined {
  const { default: validate } = load('@segment/actions-core/mapping-kit/validate') as {
    readonly default: (mapping: unknown) => void;
  };
  try {
    validate(value);
    return undefined;
  } catch (error) {
    // The message of several errors contains their stack traces.
    const errors = isSeveral(error) ? [...error] : [error];
    return errors.map((each) => errorMessageOf(each).trim()).join(' ');
  }
}

const isSeveral = (thrown: unknown): thrown is Iterable<unknown> =>
  typeof thrown === 'object' && thrown !== null && Symbol.iterator in thrown;
