import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

/** A jar could not be fetched, or is not the pinned one. */
export class JarUnusable extends Error {}

const here = `${process.platform}-${process.arch}`;

/** The repository and the jars of a list, without those for other systems and processors. */
function listed(list) {
  const { repository, jars } = JSON.parse(readFileSync(list, 'utf8'));
  return { repository, jars: jars.filter(({ platform = here }) => platform === here) };
}

/** Whether a directory contains every listed jar. A jar gets its name only after its check. */
export const jarsAreCurrent = (list, directory) =>
  listed(list).jars.every(({ path }) => existsSync(join(directory, basename(path))));

/**
 * Fetches the missing jars of the list, checks each SHA-256, and removes files that the list lacks.
 * @throws JarUnusable
 */
export async function fetchJars(list, directory) {
  const { repository, jars } = listed(list);
  mkdirSync(directory, { recursive: true });
  const names = jars.map(({ path }) => basename(path));
  // Another process may be fetching parts.
  for (const file of readdirSync(directory).filter((each) => !each.endsWith('.part')))
    if (!names.includes(file)) rmSync(join(directory, file));
  await Promise.all(
    jars
      .filter(({ path }) => !existsSync(join(directory, basename(path))))
      .map((jar) => fetchJar(repository, jar, { list, directory })),
  );
}

async function fetchJar(repository, { path, sha256 }, { list, directory }) {
  const url = `${repository}/${path}`;
  const answer = await fetch(url).catch((error) => {
    throw new JarUnusable(`${url} could not be fetched: ${error.cause?.message ?? error.message}`);
  });
  if (!answer.ok) throw new JarUnusable(`${url} could not be fetched: HTTP ${answer.status}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256)
    throw new JarUnusable(`${url} is not the file that ${relative('.', list)} names: its SHA-256 is ${found}`);
  const file = join(directory, basename(path));
  // The file has another name until it is complete, so a file with this name is always correct.
  const part = `${file}.${process.pid}.part`;
  writeFileSync(part, bytes);
  renameSync(part, file);
}
