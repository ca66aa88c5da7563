import { readFileSync } from 'node:fs';
import { matchesGlob } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { HIPAASecurityChecks, NIST80053R5Checks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { beforeAll, describe, expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';
import { scratchApp } from '../unbundled.ts';

interface Finding {
  readonly pack: string;
  /** Without what the pack's rules begin with. */
  readonly rule: string;
  /** Below the platform. */
  readonly path: string;
}

/** A line of the table in the docs. */
interface Argued {
  readonly rule: string;
  readonly paths: readonly string[];
  readonly why: string;
}

const packs = [
  { name: 'HIPAA', pack: new HIPAASecurityChecks(), prefix: 'HIPAA.Security-' },
  { name: 'NIST 800-53 R5', pack: new NIST80053R5Checks(), prefix: 'NIST.800.53.R5-' },
];

const findingsIn = (scope: IConstruct): Finding[] =>
  packs.flatMap(({ name, pack, prefix }) =>
    pack.validateScope(scope).violations.flatMap(({ ruleName, violatingResources = [] }) =>
      violatingResources.map(({ constructPath = '' }) => ({
        pack: name,
        rule: ruleName.replace(prefix, ''),
        path: constructPath.replace(/^Cdp\/Platform\//, '').replace(/\/Resource$/, ''),
      })),
    ),
  );

const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);

const argued: readonly Argued[] = [
  ...readFileSync('docs/reference/controls.md', 'utf8').matchAll(/^\| `(\w+)` \| (.+?) \| (.+) \|$/gm),
].map(([, rule = '', paths = '', why = '']) => ({ rule, paths: quoted(paths), why }));

const isAbout = (line: { rule: string; paths: readonly string[] }, finding: Finding): boolean =>
  line.rule === finding.rule && line.paths.some((path) => matchesGlob(finding.path, path));

let found: Finding[] = [];
beforeAll(() => {
  const app = scratchApp();
  new CdpStack(app, 'Cdp', { config });
  found = findingsIn(app);
});

describe('the packs HIPAA and NIST 800-53', () => {
  it('find nothing that the docs do not argue, and nothing that they argue twice', () => {
    expect(new Set(found.map(({ pack }) => pack)).size).toBe(packs.length);
    expect(found.filter((finding) => argued.filter((line) => isAbout(line, finding)).length !== 1)).toEqual([]);
  });

  it('would find what is neither mended nor argued', () => {
    const app = scratchApp();
    new Bucket(new Stack(app, 'Leaky'), 'Bucket');
    const rules = new Set(findingsIn(app).map(({ rule }) => rule));
    expect([...rules]).toEqual(
      expect.arrayContaining(['S3BucketVersioningEnabled', 'S3BucketSSLRequestsOnly', 'S3BucketReplicationEnabled']),
    );
    expect(findingsIn(app).filter((finding) => argued.some((line) => isAbout(line, finding)))).toEqual([]);
  });

  it.each(argued.flatMap(({ rule, paths, why }) => paths.map((path) => ({ rule, path, why }))))(
    'find $rule at $path, for which the docs give a reason',
    ({ rule, path, why }) => {
      expect(found.filter((finding) => isAbout({ rule, paths: [path] }, finding))).not.toEqual([]);
      expect(why).toMatch(/^[A-Z].{39,}$/);
    },
  );
});
