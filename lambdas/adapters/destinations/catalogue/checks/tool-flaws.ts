import type { CatalogueDestination } from '../../../../core/destinations/definition.ts';
import { makesLists, settingFields } from '../definitions/definition.ts';
import { installedDefinition, installedTools } from '../definitions/installed.ts';
import { whyUnusable } from '../definitions/unusable.ts';
import { type Flaw, noneOfThese } from './flaw.ts';
import { publicFlaws } from './setting-flaws.ts';
import { taskFlaws } from './task-flaws.ts';

/** Everything that is wrong with a destination of the catalogue, by the definition of its tool. */
export function toolFlaws(destination: CatalogueDestination): readonly Flaw[] {
  const { tool, settings, audience, lists, segments } = destination;
  const unusable = whyUnusable(tool);
  if (unusable !== undefined)
    return [{ path: ['tool'], message: `${tool} cannot be used here: ${unusable.reason}. Use ${unusable.instead}` }];
  const definition = installedDefinition(tool);
  if (definition === undefined) return [noneOfThese(['tool'], `the catalogue has no "${tool}"`, likeThis(tool))];
  const { audienceFields = {} } = definition;
  return [
    ...publicFlaws(tool, settings, settingFields(definition), ['settings']),
    ...publicFlaws(tool, audience, audienceFields, ['audience']),
    ...Object.keys(lists).flatMap((key) => listFlaws(key, segments, makesLists(definition), tool)),
    ...taskFlaws(definition, destination),
  ];
}

function listFlaws(key: string, segments: readonly string[], lists: boolean, tool: string): Flaw[] {
  if (!lists) return [{ path: ['lists', key], message: `${tool} keeps no lists` }];
  return segments.includes(key) ? [] : [noneOfThese(['lists', key], 'is no segment of this destination', segments)];
}

/** Names that share their beginning or a part with a name that nobody has, else all. */
function likeThis(tool: string): readonly string[] {
  const tools = installedTools();
  const asked = tool.toLowerCase().replace(/^actions-/, '');
  const parts = asked.split(/[^a-z0-9]+/).filter(({ length }) => length > 2);
  const like = tools.filter((name) => parts.some((part) => name.includes(part) || part.includes(name)));
  const first = tools.filter((name) => name.startsWith(asked.slice(0, 3)));
  if (like.length > 0) return like;
  return first.length > 0 ? first : ['see docs/destinations/README.md'];
}
