import type { JSONObject } from '@segment/actions-core';
import type { CatalogueDestination } from '../../../core/destinations/definition.ts';
import { onTrip } from '../../egress/trip.ts';
import { settingDefaults } from './definitions/definition.ts';
import { core } from './library.cjs';
import type { ReadyTool } from './sending.ts';

/** The lists that were made in a tool, one for each segment. */
export interface Lists {
  /** The id of a segment's list; undefined if none is known. */
  readonly find: (segment: string) => Promise<string | undefined>;
  /** Claims the right to make a segment's list; false while somebody else is making it. */
  readonly claim: (segment: string) => Promise<boolean>;
  /** Records the id of the list that was made, and returns the id that counts. */
  readonly record: (segment: string, id: string) => Promise<string>;
}

/** Somebody else is making the list right now. */
export class ListBeingMade extends Error {
  override readonly name = 'RetryableError';
}

/** A tool named no list that it made. Were something recorded, everything would be told to nobody's list for ever. */
class NoListNamed extends Error {
  override readonly name = 'NoListNamed';
}

/** What a list is for. */
interface Wanted {
  readonly destination: CatalogueDestination;
  readonly lists: Lists;
  readonly segment: string;
}

/**
 * The id of a segment's list in the tool, which is made when it is needed first. A configured one is used as it is.
 * @throws ListBeingMade while somebody else makes it
 */
export async function listOf(tool: ReadyTool, { destination, lists, segment }: Wanted): Promise<string> {
  const configured = Object.hasOwn(destination.lists, segment) ? destination.lists[segment] : undefined;
  if (configured !== undefined) return configured;
  const found = await lists.find(segment);
  if (found !== undefined) return found;
  if (!(await lists.claim(segment))) throw new ListBeingMade('the list is being made');
  return lists.record(segment, await makeList(tool, destination, segment));
}

/** Makes a list in the tool. */
const makeList = (tool: ReadyTool, { audience }: CatalogueDestination, segment: string): Promise<string> =>
  onTrip(tool.route, async () => {
    const library = new core.Destination<Record<string, unknown>>(tool.definition);
    const { statsContext, features } = tool.around();
    const { externalId } = await library.createAudience({
      settings: tool.settings,
      audienceSettings: { ...settingDefaults(tool.definition.audienceFields ?? {}), ...audience } as JSONObject,
      audienceName: segment,
      personas: { computation_id: segment, computation_key: segment, namespace: 'cdp' },
      statsContext,
      features,
    });
    const id = String(externalId ?? '');
    if (id === '') throw new NoListNamed('the tool named no list');
    return id;
  });
