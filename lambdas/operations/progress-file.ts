import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { errorMessageOf } from '../core/values/thrown.ts';
import type { Progress } from './lake-walk.ts';

const Saved = z.object({
  /** The options of the command, for people who read the file. */
  asked: z.unknown(),
  key: z.string(),
  line: z.int().min(0),
  objects: z.int().min(0),
  counts: z.record(z.string(), z.int()),
  done: z.boolean(),
  table: z.string().optional(),
});

/**
 * Saves a command's progress in a file of the working folder, named by the command's options, so that the same command
 * continues.
 */
export function progressFile(command: string, asked: unknown, folder = '.cdp') {
  const path = `${folder}/${command}-${createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 12)}.json`;
  return {
    path,
    /**
     * Undefined without earlier progress.
     * @throws Error when the file has another form
     */
    async load(): Promise<Progress | undefined> {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      return text === undefined ? undefined : parse(path, text);
    },
    /** Writes the file atomically, so that a crash leaves the old or the new one. */
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
    throw new Error(`${path} is not a progress file: ${errorMessageOf(error)}. Use --restart to start again`);
  }
}
