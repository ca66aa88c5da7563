import * as z from 'zod';
import { importPrefix } from '../contract/storage.ts';
import { DeclaredId } from '../values/declared-id.ts';

/** What a load of records is, written after all its rows. */
export const LoadManifest = z.object({
  source: DeclaredId,
  load: z.string(),
  object: DeclaredId,
  /** Whether the load has every record that there is, so that a record that it lacks was deleted. */
  complete: z.boolean(),
  startedAt: z.iso.datetime(),
});
export type LoadManifest = z.infer<typeof LoadManifest>;

/** Folder of a load's records before they are compared with their last versions. */
export const recordsFolder = (sourceId: string, loadId: string): string => `${importPrefix.rows}${sourceId}/${loadId}/`;

/** Key of a load's manifest. */
export const manifestKey = (sourceId: string, loadId: string): string =>
  `${recordsFolder(sourceId, loadId)}manifest.json`;

/** Whether a key is that of a load's manifest. */
export const isManifestKey = (key: string): boolean =>
  key.startsWith(importPrefix.rows) && /^[^/]+\/[^/]+\/manifest\.json$/.test(key.slice(importPrefix.rows.length));

/** Key of what became of a load's records, beside its manifest. */
export const resultKey = (manifest: string, object: string): string =>
  manifest.replace(/manifest\.json$/, `${object}/result.json`);
