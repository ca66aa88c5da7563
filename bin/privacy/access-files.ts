import { constants } from 'node:fs';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { accessReporter } from '../../lambdas/operations/privacy/access.ts';

type Reporter = ReturnType<typeof accessReporter>;

/** Where the report of a request is written. */
interface Place {
  readonly id: string;
  readonly to: string;
  /** Whether what merged in after the request was filed may be in the report. */
  readonly yes: boolean;
}

/**
 * Writes the report of a request into a folder, readable by this user alone. What is there already stays: it may be
 * what somebody was told. @throws Error when a file is there, or the report is refused
 */
export async function writeAccess(reporter: Reporter, { id, to, yes }: Place): Promise<string> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  const files = { json: join(to, `${id}.json`), html: join(to, `${id}.html`) };
  for (const file of Object.values(files)) if (await isThere(file)) throw new Error(alreadyThere(file));
  const { json, html, events, problem } = await reporter.report(id, yes);
  const written = [files.json, ...(html === undefined ? [] : [files.html])];
  const mine = { mode: 0o600, flag: 'wx' } as const;
  await writeFile(files.json, json, mine);
  if (html !== undefined) await writeFile(files.html, html, mine);
  await reporter.noteWritten(id);
  return [
    `${written.join(' and ')}: what is stored about the person, with ${events} events.`,
    ...(problem === null ? [] : [`EVENTS ARE MISSING: the lake could not be asked: ${problem}`]),
    'Read it before you send it, send it so that nobody else can read it, delete it here, and then say so:',
    `npm run privacy -- answer ${id}`,
  ].join('\n');
}

const alreadyThere = (file: string): string =>
  `${file} is there already, and is not overwritten: give another folder, or delete it`;

const isThere = (file: string): Promise<boolean> =>
  access(file, constants.F_OK).then(
    () => true,
    () => false,
  );
