import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Template } from './take-up.ts';

/** A stack that an app makes. */
interface SynthesizedStack {
  /** What the CDK's command line calls it. */
  readonly selector: string;
  readonly template: Template;
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}
interface Artifact {
  readonly type: string;
  readonly displayName?: string;
  readonly properties?: { readonly stackName?: string; readonly templateFile?: string };
}

const read = <Content>(file: string): Content => JSON.parse(readFileSync(file, 'utf8')) as Content;

/**
 * Finds a stack by its name in what `npm run synth` made of an app, stages included. @throws Error naming those that
 * are there
 */
export function synthesizedStack(name: string, folder = 'cdk.out'): SynthesizedStack {
  if (!existsSync(folder)) throw new Error(`there is no ${folder}: npm run synth makes it`);
  const manifests = globSync(['manifest.json', 'assembly-*/**/manifest.json'], { cwd: folder }).map((file) =>
    join(folder, file),
  );
  const stacks = manifests.flatMap((manifest) =>
    Object.entries(read<Manifest>(manifest).artifacts ?? {})
      .filter(([, { type }]) => type === 'aws:cloudformation:stack')
      .map(([id, { displayName = id, properties: { stackName = id, templateFile = '' } = {} }]) => ({
        stackName,
        selector: displayName,
        file: join(dirname(manifest), templateFile),
      })),
  );
  const found = stacks.find(({ stackName }) => stackName === name);
  if (found === undefined)
    throw new Error(
      `${folder} has no stack ${name}; it has ${stacks.map(({ stackName }) => stackName).join(', ') || 'none'}`,
    );
  return { selector: found.selector, template: read<Template>(found.file) };
}
