import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import type { Template } from './rules/template.ts';

/** Tells the CDK to leave the functions' code alone, which takes a second each and says nothing about a template. */
export const withoutBundling = { 'aws:cdk:bundling-stacks': [] };

/** Synthesizes an app and gives its templates, by the stack's name. */
export const synthesized = (build: (app: App) => void): Record<string, Template> =>
  inScratch((outdir) => {
    const app = new App({ context: withoutBundling, outdir });
    build(app);
    return Object.fromEntries(app.synth().stacks.map(({ stackName, template }) => [stackName, template as Template]));
  });

/** Runs a whole app as `cdk synth` would and gives the template of one of its stacks. */
export const synthesizedFile = (file: string, stackName: string): Template =>
  inScratch((outdir) => {
    const env = { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(withoutBundling) };
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', file], { env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${file} ended with ${status}: ${stderr}`);
    return JSON.parse(readFileSync(join(outdir, `${stackName}.template.json`), 'utf8')) as Template;
  });

function inScratch<Result>(use: (directory: string) => Result): Result {
  const directory = mkdtempSync(join(tmpdir(), 'cdp-app-'));
  try {
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
