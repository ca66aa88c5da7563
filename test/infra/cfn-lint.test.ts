import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { templatesOf } from '../../local/platform/assembly-templates.ts';
import { merge, ofType } from './rules/template.ts';
import { shipped, templateFile } from './shipped.ts';
import { type SynthesizedStack, synthesizedStacks } from './unbundled.ts';

const linter = '.venv-emulator/bin/cfn-lint';

/** Runs every check there is: errors, warnings, information, and those still on trial. */
function lint(...files: readonly string[]): { code: number | null; findings: string } {
  if (!existsSync(linter)) throw new Error(`${linter} is missing; \`npm test\` installs it`);
  const { status, stdout, stderr } = spawnSync(
    linter,
    ['--include-checks', 'I', '--include-experimental', '--format', 'parseable', '--', ...files],
    {
      encoding: 'utf8',
    },
  );
  return { code: status, findings: `${stdout}${stderr}` };
}

/** The shipped template with a few resources changed, as text. */
function spoiled(flaws: readonly { readonly type: string; readonly patch: object }[]): string {
  const template = shipped();
  for (const { type, patch } of flaws) merge(ofType(template, type)[0]?.[1] ?? {}, patch);
  return JSON.stringify(template);
}

describe('cfn-lint', () => {
  let environments: readonly SynthesizedStack[] = [];
  beforeAll(() => {
    environments = synthesizedStacks('docs/examples/environments.ts');
  });

  it('finds nothing in the shipped template, nor in those of the stacks nested in it', () => {
    expect(lint(...templatesOf(templateFile).map(({ file }) => file))).toEqual({ code: 0, findings: '' });
  });

  it.each(['dev-Cdp', 'production-Cdp'])(
    'finds nothing in %s, one of which keeps its data and one goes with it',
    (stack) => {
      const { files = [] } = environments.find(({ name }) => name === stack) ?? {};
      expect(files.length).toBeGreaterThan(0);
      expect(lint(...files)).toEqual({ code: 0, findings: '' });
    },
  );

  it('finds an unknown property, a value that is not allowed, and a reference to nothing', () => {
    const directory = mkdtempSync(join(tmpdir(), 'cdp-lint-'));
    const file = join(directory, 'Spoiled.template.json');
    writeFileSync(
      file,
      spoiled([
        { type: 'Kinesis::Stream', patch: { Properties: { ShardNumber: 2 } } },
        { type: 'Logs::LogGroup', patch: { Properties: { RetentionInDays: 31 } } },
        { type: 'S3::Bucket', patch: { Properties: { BucketName: { Ref: 'Nothing' } } } },
      ]),
    );
    const { code, findings } = lint(file);
    rmSync(directory, { recursive: true });
    for (const finding of [/'ShardNumber'/, /31 is not one of/, /'Nothing' is not one of/])
      expect(findings).toMatch(finding);
    expect(code).not.toBe(0);
  });
});
