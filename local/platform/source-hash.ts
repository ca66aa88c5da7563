import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** SHA-256 of the names and contents of files and of all files in folders. A missing file differs from an empty one. */
export async function hashOf(paths: readonly string[], root = '.'): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await Promise.all(paths.map((path) => filesIn(path, root)))).flat()) {
    const content = await readFile(join(root, file)).catch(unlessMissing);
    hash.update(`${file}\0${content?.length ?? 'missing'}\0`).update(content ?? '');
  }
  return hash.digest('hex');
}

/**
 * All files below a folder except Python's bytecode, in the same order on every machine; a file alone stands for
 * itself.
 */
async function filesIn(path: string, root = '.'): Promise<string[]> {
  const entries = await readdir(join(root, path), { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [path];
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.pyc'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

function unlessMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
