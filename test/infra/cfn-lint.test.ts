import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { templatesOf } from '../../local/platform/assembly-templates.ts';
import { combinations, templateFiles } from './combinations.ts';
import { merge, ofType } from './rules/template.ts';
import { shipped, templateFile } from './shipped.ts';
import { synthesizedStacks } from './unbundled.ts';

const linter = '.venv-emulator/bin/cfn-lint';

/** A line for each finding of every check there is: errors, warnings, information, and those still on trial. */
function lint(files: readonly string[]): readonly string[] {
  if (!existsSync(linter)) throw new Error(`${linter} is missing; \`npm test\` installs it`);
  const { stdout, stderr } = spawnSync(
    linter,
    ['--include-checks', 'I', '--include-experimental', '--format', 'parseable', '--', ...files],
    { encoding: 'utf8' },
  );
  return `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
}

/** The shipped template with a few resources changed, as text. */
function spoiled(flaws: readonly { readonly type: string; readonly patch: object }[]): string {
  const template = shipped();
  for (const { type, patch } of flaws) merge(ofType(template, type)[0]?.[1] ?? {}, patch);
  return JSON.stringify(template);
}

const filesOf = (template: string): string[] => templatesOf(template).map(({ file }) => file);

describe('cfn-lint', () => {
  const directory = mkdtempSync(join(tmpdir(), 'cdp-lint-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const wrong = join(directory, 'Spoiled.template.json');
  writeFileSync(
    wrong,
    spoiled([
      { type: 'Kinesis::Stream', patch: { Properties: { ShardNumber: 2 } } },
      { type: 'Logs::LogGroup', patch: { Properties: { RetentionInDays: 31 } } },
      { type: 'S3::Bucket', patch: { Properties: { BucketName: { Ref: 'Nothing' } } } },
    ]),
  );
  const environments = new Map(
    synthesizedStacks('docs/examples/environments.ts').map(({ name, files }) => [name, files]),
  );
  const all: Readonly<Record<string, readonly string[]>> = {
    'the shipped template': filesOf(templateFile),
    'dev-Cdp, which goes with its data': environments.get('dev-Cdp') ?? [],
    'production-Cdp, which keeps its data': environments.get('production-Cdp') ?? [],
    ...Object.fromEntries(Object.keys(combinations).map((name) => [name, filesOf(templateFiles.get(name) ?? '')])),
  };
  // All at once: it takes longer to start than to look at a template.
  const findings = lint([...Object.values(all).flat(), wrong]);

  it.each(Object.entries(all))('finds nothing in %s, nor in the stacks nested in it', (_name, files) => {
    expect(files.length).toBeGreaterThan(0);
    expect(findings.filter((line) => files.some((file) => line.includes(file)))).toEqual([]);
  });

  it('finds an unknown property, a value that is not allowed, a reference to nothing, and no more', () => {
    const found = findings.filter((line) => line.startsWith(wrong)).join('\n');
    for (const finding of [/'ShardNumber'/, /31 is not one of/, /'Nothing' is not one of/])
      expect(found).toMatch(finding);
    expect(findings.filter((line) => !line.startsWith(wrong))).toEqual([]);
  });
});
