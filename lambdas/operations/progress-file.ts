import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { errorMessageOf } from '../core/values/thrown.ts';
import type { Progress } from './lake-walk.ts';

const Saved = z.object({
  /** What was asked for, for whoever reads the file. */
  asked: z.unknown(),
  key: z.string(),
  line: z.int().min(0),
  objects: z.int().min(0),
  counts: z.record(z.string(), z.int()),
  done: z.boolean(),
  table: z.string().optional(),
});

/** How far a command came, in a file of this folder that is named by what was asked for, so that the same command goes on there. */
export function progressFile(command: string, asked: unknown, folder = '.cdp') {
  const path = `${folder}/${command}-${createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 12)}.json`;
  return {
    path,
    /** Undefined when nothing was begun. @throws Error when the file is none that this wrote */
    async load(): Promise<Progress | undefined> {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      return text === undefined ? undefined : parse(path, text);
    },
    /** Whole or not at all, whenever this process ends. */
    async save(progress: Progress): Promise<void> {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.new`, `${JSON.stringify({ asked, ...progress }, null, 2)}\n`);
      await rename(`${path}.new`, path);
    },
  };
}

function parse(path: string, text: string): Progress {
  try {
    const { asked: _asked, ...progress } = Saved.parse(JSON.parse(text));
    return progress;
  } catch (error) {
    throw new Error(
      `${path} must say how far a command came; it does not: ${errorMessageOf(error)}. Use --restart to begin again`,
    );
  }
}
