import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A jar could not be had, or is not the one that was pinned. */
export class JarUnusable extends Error {}

const listed = (list) => JSON.parse(readFileSync(list, 'utf8'));

/** Whether a directory holds every listed jar; none is there under its name that was not checked. */
export const jarsAreCurrent = (list, directory) =>
  listed(list).jars.every(({ path }) => existsSync(join(directory, basename(path))));

/** Fetches the listed jars that a directory lacks, each checked against its SHA-256, and removes those that are listed no more. @throws JarUnusable */
export async function fetchJars(list, directory) {
  const { repository, jars } = listed(list);
  mkdirSync(directory, { recursive: true });
  const names = jars.map(({ path }) => basename(path));
  for (const file of readdirSync(directory)) if (!names.includes(file)) rmSync(join(directory, file));
  await Promise.all(
    jars
      .filter(({ path }) => !existsSync(join(directory, basename(path))))
      .map((jar) => fetchJar(repository, jar, directory)),
  );
}

async function fetchJar(repository, { path, sha256 }, directory) {
  const url = `${repository}/${path}`;
  const answer = await fetch(url).catch((error) => {
    throw new JarUnusable(`${url} could not be fetched: ${error.cause?.message ?? error.message}`);
  });
  if (!answer.ok) throw new JarUnusable(`${url} could not be fetched: HTTP ${answer.status}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256)
    throw new JarUnusable(`${url} is not the file that local/setup/jars.json names: its SHA-256 is ${found}`);
  const file = join(directory, basename(path));
  // Under another name until it is whole, so that a file of this name is always the right one.
  writeFileSync(`${file}.part`, bytes);
  renameSync(`${file}.part`, file);
}
