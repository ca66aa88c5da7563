import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { templatesOf } from '../../local/platform/assembly-templates.ts';
import type { Template } from './rules/template.ts';
import { wholeTemplate } from './rules/whole.ts';

/**
 * Tells the CDK to leave the functions' code alone, which takes a second each, and to copy nothing beside the template:
 * neither says anything about a template.
 */
export const withoutBundling = { 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-asset-staging': true };

/** An app whose functions are not bundled and whose output goes when the tests are done. */
export const scratchApp = (): App => new App({ context: withoutBundling, treeMetadata: false });

/** Synthesizes an app and gives its templates, by the stack's name, each with all that is nested in it. */
export function synthesized(build: (app: App) => void): Record<string, Template> {
  const app = scratchApp();
  build(app);
  return Object.fromEntries(
    app.synth().stacks.map(({ stackName, templateFullPath }) => [stackName, wholeTemplate(templateFullPath)]),
  );
}

/** A stack that an app makes: its name, and its template, in which all that is nested stands. */
export interface SynthesizedStack {
  readonly name: string;
  readonly terminationProtection: boolean | undefined;
  readonly templates: readonly Template[];
  /** Where these are. */
  readonly files: readonly string[];
}

/** Runs a whole app as `cdk synth` would and gives its stacks, those of its stages included. */
export function synthesizedStacks(file: string): readonly SynthesizedStack[] {
  const outdir = mkdtempSync(join(tmpdir(), 'file-'));
  // The paths are how linters know that the CDK made a template, and what style to expect.
  const context = { ...withoutBundling, 'aws:cdk:enable-path-metadata': true };
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) };
  const { status, stderr } = spawnSync(process.execPath, [file], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} ended with ${status}: ${stderr}`);
  return stacksOf(new CloudAssembly(outdir));
}

/** The template of one stack that a whole app makes. */
export function synthesizedFile(file: string, stackName: string): Template {
  const found = synthesizedStacks(file).find(({ name }) => name === stackName)?.templates[0];
  if (found === undefined) throw new Error(`${file} makes no stack ${stackName}`);
  return found;
}

const stacksOf = ({ stacks, nestedAssemblies }: CloudAssembly): SynthesizedStack[] => [
  ...stacks.map(({ stackName: name, terminationProtection, templateFullPath }) => ({
    name,
    terminationProtection,
    templates: [wholeTemplate(templateFullPath)],
    files: templatesOf(templateFullPath).map(({ file }) => file),
  })),
  ...nestedAssemblies.flatMap(({ nestedAssembly }) => stacksOf(nestedAssembly)),
];
