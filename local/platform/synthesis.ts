import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runNode } from '../processes/child-process.ts';
import { awsFreeEnvironment } from './aws.ts';
import { hashOf } from './source-hash.ts';

/** Folder of the synthesized template. Hashes of assets depend on this path, so it is always the same. */
export const assembly = 'cdk.out';

/** The CDK's command line interface. */
export const cdkCli = resolve('node_modules/aws-cdk/bin/cdk');

const inputs = [
  'bin',
  'lib',
  'lambdas',
  'glue-scripts',
  'cdp.config.ts',
  'cdp.recipes.ts',
  'cdk.json',
  'package-lock.json',
  'tsconfig.json',
];
const template = join(assembly, 'Cdp.template.json');
const stampFile = join(assembly, 'sources.sha256');

/** Synthesizes the template unless its sources are unchanged. Returns whether it synthesized. */
export async function synthesize(signal: AbortSignal): Promise<boolean> {
  const sources = await hashOf(inputs);
  const stamp = async () => `${sources} ${await hashOf([template])}`;
  if (existsSync(template) && (await readFile(stampFile, 'utf8').catch(() => '')) === (await stamp())) return false;
  await runNode([cdkCli, 'synth', '--quiet', '--no-notices', '--output', assembly], {
    env: awsFreeEnvironment(),
    signal,
  });
  await writeFile(stampFile, await stamp());
  return true;
}
