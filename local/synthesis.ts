import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { awsFreeEnvironment } from './aws.ts';
import { runNode } from './child-process.ts';

/** Where the template is made and deployed from; an asset's hash depends on this place, so it is never another. */
export const assembly = 'cdk.out';

/** The CDK's command line, run by this very Node. */
export const cdkCli = resolve('node_modules/aws-cdk/bin/cdk');

const inputs = ['bin', 'lib', 'lambdas', 'glue-scripts', 'cdp.config.ts', 'cdk.json', 'package-lock.json', 'tsconfig.json'];
const template = join(assembly, 'Cdp.template.json');
const stampFile = join(assembly, 'sources.sha256');

/** Synthesizes the template unless the one there was made from exactly these sources; says whether it did. */
export async function synthesize(signal: AbortSignal): Promise<boolean> {
  const sources = await hashOf(inputs);
  const stamp = async () => `${sources} ${await hashOf([template])}`;
  if (existsSync(template) && (await readFile(stampFile, 'utf8').catch(() => '')) === (await stamp())) return false;
  await runNode([cdkCli, 'synth', '--quiet', '--no-notices', '--output', assembly], { env: awsFreeEnvironment(), signal });
  await writeFile(stampFile, await stamp());
  return true;
}

async function hashOf(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of (await Promise.all(paths.map(filesIn))).flat()) hash.update(`${file}\0`).update(await readFile(file));
  return hash.digest('hex');
}

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [path];
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
