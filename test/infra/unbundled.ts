import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll } from 'vitest';
import type { Template } from './rules/template.ts';

// Every app makes a folder for its output as soon as there is one, and leaves it to others to remove.
const scratch = mkdtempSync(join(tmpdir(), 'cdp-infra-'));
process.env.TMPDIR = scratch;
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Tells the CDK to leave the functions' code alone, which takes a second each and says nothing about a template. */
export const withoutBundling = { 'aws:cdk:bundling-stacks': [] };

/** An app whose functions are not bundled and whose output goes when the tests are done. */
export const scratchApp = (): App => new App({ context: withoutBundling });

/** Synthesizes an app and gives its templates, by the stack's name. */
export function synthesized(build: (app: App) => void): Record<string, Template> {
  const app = scratchApp();
  build(app);
  return Object.fromEntries(app.synth().stacks.map(({ stackName, template }) => [stackName, template as Template]));
}

/** Runs a whole app as `cdk synth` would and gives the template of one of its stacks. */
export function synthesizedFile(file: string, stackName: string): Template {
  const outdir = mkdtempSync(join(scratch, 'file-'));
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(withoutBundling) };
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', file], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} ended with ${status}: ${stderr}`);
  return JSON.parse(readFileSync(join(outdir, `${stackName}.template.json`), 'utf8')) as Template;
}
