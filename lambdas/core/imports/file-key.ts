import { importPrefix } from '../contract/storage.ts';
import type { Source } from '../sources/definition.ts';
import type { FilesSource } from '../sources/files.ts';
import type { DeclaredObject } from '../sources/objects.ts';

/** What a file below `imports/files/` is a file of. */
export interface DeclaredFile {
  readonly source: FilesSource;
  readonly declared: DeclaredObject;
}

/** What a file is of, or why nobody can say; undefined for what is no file of an import. */
export type ReadFileKey =
  | { readonly ok: true; readonly file: DeclaredFile }
  | { readonly ok: false; readonly sourceId: string; readonly reason: string };

/**
 * Reads the key of a file: the source is its first folder, and the object the second one if the source has several.
 */
export function readFileKey(key: string, sources: readonly Source[]): ReadFileKey | undefined {
  // A browser's console makes a folder by an object whose name ends so.
  if (!key.startsWith(importPrefix.files) || key.endsWith('/')) return undefined;
  const [sourceId = '', folder = '', ...rest] = key.slice(importPrefix.files.length).split('/');
  const refuse = (reason: string): ReadFileKey => ({ ok: false, sourceId, reason });
  const source = sources.find(({ id }) => id === sourceId);
  if (source?.kind !== 'files') return refuse(`no source of kind files has the id ${sourceId}`);
  const [only, ...more] = source.objects;
  const declared = more.length === 0 ? only : source.objects.find(({ object }) => object === folder);
  if (declared !== undefined && (more.length === 0 || rest.length > 0)) return { ok: true, file: { source, declared } };
  const names = source.objects.map(({ object }) => object).join(', ');
  return refuse(`must be in the folder of an object of ${sourceId}: ${names}`);
}
