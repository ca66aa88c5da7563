import { resolve } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import type { Destination } from '../../../lambdas/core/destinations/definition.ts';
import { toolBundle } from '../../../lib/activation/tool-bundle.ts';

const destinationOf = (tool: string): Destination => ({
  id: 'tool',
  kind: 'catalogue',
  tool,
  segments: ['vips'],
  consent: [],
  settings: {},
  audience: {},
  lists: {},
});

/** The folders of the catalogue that a bundle of the function contains. */
async function foldersIn(aliases: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: ['lambdas/functions/deliver/index.ts'],
    alias: Object.fromEntries(Object.entries(aliases).map(([name, file]) => [name, resolve(file)])),
    external: ['cpu-features', '*.node'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
    outdir: 'bundle',
    logLevel: 'error',
  });
  const folders = Object.keys(metafile.inputs).flatMap((file) =>
    (/action-destinations\/dist\/destinations\/([^/]+)\//.exec(file) ?? []).slice(1),
  );
  return [...new Set(folders)];
}

describe('the bundle of a tool', () => {
  it.each(['braze', 'tiktok-audiences', 'sftp'])('contains the definition of %s, and no other', async (tool) =>
    expect(await foldersIn(toolBundle(destinationOf(tool)).aliases)).toEqual([tool]),
  );

  it.each([
    { tool: 'braze', usesTokens: false },
    { tool: 'klaviyo', usesTokens: false },
    { tool: 'hubspot', usesTokens: true },
  ])('of $tool may store tokens: $usesTokens', ({ tool, ...needs }) =>
    expect(toolBundle(destinationOf(tool))).toMatchObject(needs),
  );
});
