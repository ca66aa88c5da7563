import { bundledDefinition } from '../../../adapters/destinations/catalogue/bundled.ts';
import { catalogueTool, type ToolDeps } from '../../../adapters/destinations/catalogue/tool.ts';
import { audienceLists } from '../../../adapters/dynamodb/audience-lists.ts';
import { provide } from '../../../adapters/runtime/environment.ts';
import type { CatalogueDestination } from '../../../core/destinations/definition.ts';
import type { Destination } from '../../../core/destinations/destination.ts';
import type { Surroundings } from './kind.ts';

/** A tool of the catalogue with its secret. */
export const toolWith = (
  destination: CatalogueDestination,
  { egress, place, now }: Surroundings,
  kept: Pick<ToolDeps, 'secret' | 'keepTokens'>,
): Destination =>
  catalogueTool({
    ...kept,
    destination,
    load: bundledDefinition,
    provide,
    lists: audienceLists({ ...place, destinationId: place.destination }),
    proxy: egress.proxy,
    now,
  });
