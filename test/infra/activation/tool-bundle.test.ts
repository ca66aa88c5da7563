import { resolve } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { installedDefinition } from '../../../lambdas/adapters/destinations/catalogue/definitions/installed.ts';
import { Destination } from '../../../lambdas/core/destinations/definition.ts';
import { toolBundle } from '../../../lib/activation/tool-bundle.ts';

const place = 'eu-west-1:111122223333';
const destinationOf = (fields: object): Destination => Destination.parse({ id: 'one', segments: ['vips'], ...fields });
const ofTool = (tool: string) => destinationOf({ kind: 'catalogue', tool });

/** What a bundle of the function contains: its size as it is deployed, and its files. */
async function bundleOf(destination: Destination) {
  const aliases = Object.entries(toolBundle(destination).aliases);
  const { metafile } = await build({
    entryPoints: ['lambdas/functions/deliver/index.ts'],
    alias: Object.fromEntries(aliases.map(([name, file]) => [name, resolve(file)])),
    external: ['cpu-features', '*.node'],
    bundle: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    write: false,
    metafile: true,
    outdir: 'bundle',
    logLevel: 'error',
  });
  const [output] = Object.values(metafile.outputs);
  return { bytes: output?.bytes ?? 0, files: Object.keys(output?.inputs ?? {}) };
}

const found = (files: readonly string[], pattern: RegExp): string[] => [
  ...new Set(files.flatMap((file) => (pattern.exec(file) ?? []).slice(1))),
];
/** Clients that every function of a destination has: of the table, of its queue, of the log of attempts. */
const everywhere = ['@aws-sdk/client-dynamodb', '@aws-sdk/client-firehose', '@aws-sdk/client-sqs'];
const clients = (files: readonly string[]): string[] =>
  found(files, /node_modules\/(@aws-sdk\/client-[\w-]+|kafkajs|@segment\/action-destinations)\//)
    .filter((name) => !everywhere.includes(name))
    .toSorted();

const secrets = '@aws-sdk/client-secrets-manager';
const catalogue = '@segment/action-destinations';

describe('the bundle of a destination contains what its kind needs, and nothing of the others:', () => {
  it.each([
    { kind: 'webhook', fields: {}, has: [secrets], kilobytes: 1_170 },
    { kind: 'slack', fields: {}, has: [secrets], kilobytes: 1_170 },
    { kind: 'own', fields: { module: 'docs/examples/own-destination.ts' }, has: [secrets], kilobytes: 1_170 },
    { kind: 's3', fields: { bucket: 'theirs' }, has: ['@aws-sdk/client-s3'], kilobytes: 1_365 },
    { kind: 'sqs', fields: { queue: `arn:aws:sqs:${place}:theirs` }, has: [], kilobytes: 1_075 },
    { kind: 'sns', fields: { topic: `arn:aws:sns:${place}:theirs` }, has: ['@aws-sdk/client-sns'], kilobytes: 1_170 },
    {
      kind: 'eventbridge',
      fields: { bus: `arn:aws:events:${place}:event-bus/theirs` },
      has: ['@aws-sdk/client-eventbridge'],
      kilobytes: 1_130,
    },
    {
      kind: 'email',
      fields: { identity: `arn:aws:ses:${place}:identity/example.com`, from: 'a@example.com', to: ['b@example.com'] },
      has: ['@aws-sdk/client-sesv2'],
      kilobytes: 1_185,
    },
    {
      kind: 'kafka',
      fields: { brokers: ['kafka.example.com:9093'], topic: 'people' },
      has: [secrets, 'kafkajs'],
      kilobytes: 1_400,
    },
  ])('$kind, at most $kilobytes KB', async ({ kind, fields, has, kilobytes }) => {
    const { bytes, files } = await bundleOf(destinationOf({ kind, ...fields }));
    console.log(`${kind}: ${Math.round(bytes / 1024)} KB`);
    expect(found(files, /^lambdas\/functions\/deliver\/kinds\/(\w+)\.ts$/).filter((name) => name !== 'kind')).toEqual([
      kind,
    ]);
    expect(clients(files)).toEqual(has.toSorted());
    expect(bytes).toBeLessThanOrEqual(kilobytes * 1024);
  });

  it.each([
    { tool: 'braze', has: [secrets], kilobytes: 1_565 },
    { tool: 'tiktok-audiences', has: [secrets], kilobytes: 1_500 },
    { tool: 'heap', has: [], kilobytes: 1_455 },
    { tool: 'sftp', has: [secrets], kilobytes: 1_915 },
  ])('$tool of the catalogue, at most $kilobytes KB', async ({ tool, has, kilobytes }) => {
    const { bytes, files } = await bundleOf(ofTool(tool));
    console.log(`${tool}: ${Math.round(bytes / 1024)} KB`);
    expect(found(files, /action-destinations\/dist\/destinations\/([^/]+)\//)).toEqual([tool]);
    expect(clients(files)).toEqual([catalogue, ...has].toSorted());
    expect(bytes).toBeLessThanOrEqual(kilobytes * 1024);
  });
});

describe('a destination has a secret if it needs one:', () => {
  it.each([
    { tool: 'braze', usesTokens: false, needsSecret: true },
    { tool: 'klaviyo', usesTokens: false, needsSecret: true },
    { tool: 'hubspot', usesTokens: true, needsSecret: true },
    { tool: 'linkedin-conversions', usesTokens: true, needsSecret: true },
    { tool: 'heap', usesTokens: false, needsSecret: false },
    { tool: 'zapier', usesTokens: false, needsSecret: false },
  ])('$tool: $needsSecret, and may store tokens there: $usesTokens', ({ tool, usesTokens, needsSecret }) => {
    expect(installedDefinition(tool)).toBeDefined();
    const bundle = toolBundle(ofTool(tool));
    expect([bundle.usesTokens, bundle.secret !== undefined]).toEqual([usesTokens, needsSecret]);
  });
});
