import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withoutBundling } from '../unbundled.ts';

/** The shipped app with another configuration, and with props that a team adds. */
function run(config: string, props = '', alarmEmail = 'undefined') {
  const app = mkdtempSync(join(tmpdir(), 'app-'));
  mkdirSync(join(app, 'bin'));
  for (const part of ['lib', 'lambdas', 'node_modules', 'glue-scripts']) symlinkSync(resolve(part), join(app, part));
  for (const file of ['package.json', 'tsconfig.json']) cpSync(file, join(app, file));
  const shipped = readFileSync('bin/cdp.ts', 'utf8');
  writeFileSync(join(app, 'bin/cdp.ts'), shipped.replace('{ config,', `{ config, ...({${props}} as object),`));
  writeFileSync(
    join(app, 'cdp.config.ts'),
    `export const config = ${config} as never;\nexport const alarmEmail: string | undefined = ${alarmEmail};\n`,
  );
  const env = {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    CDK_VALIDATION: process.env.CDK_VALIDATION,
    CDK_OUTDIR: join(app, 'cdk.out'),
    CDK_CONTEXT_JSON: JSON.stringify(withoutBundling),
  };
  return spawnSync(process.execPath, ['bin/cdp.ts'], {
    cwd: app,
    env,
    encoding: 'utf8',
  });
}

const source = "{ id: 'web', kind: 'browser', writeKey: 'web-write-key' }";
const good = `{ sources: [${source}] }`;

describe('a fault of the configuration is told without a trace, with where it is, what came and what is wanted', () => {
  it.each([
    { name: 'no configuration', config: 'undefined', says: ['cdp.config.ts is not valid:'] },
    { name: 'no source', config: '{ sources: [] }', says: ['sources: at least one source is needed'] },
    {
      name: 'a mapping of a source that the mapping kit cannot read',
      config:
        "{ sources: [{ id: 'p', kind: 'webhook', signature: { scheme: 'stripe' }, mappings: [{ to: { type: 'track', event: { '@pth': '$.x' } } }] }] }",
      says: ['sources[0].mappings[0].to: ', '@pth'],
    },
    {
      name: 'a segment that there is not',
      config: `{ sources: [${source}], destinations: [{ id: 'crm', kind: 'webhook', segments: ['vip'] }] }`,
      says: ['destinations[0].segments[0]: no segment has the key "vip"; known: none'],
    },
    {
      name: 'a setting that a tool does not have',
      config: `{ sources: [${source}], segments: [{ key: 'vip', name: 'VIP', where: { trait: 'vip', operator: 'exists' } }],
        destinations: [{ id: 'crm', kind: 'catalogue', tool: 'braze', settings: { api_key: 'x' }, segments: ['vip'] }] }`,
      says: ['destinations[0].settings.api_key: is a secret: remove it here'],
    },
    {
      name: 'a prop that AWS refuses',
      props: 'shards: 1.5',
      says: ['shards: must be a whole number from 0 to 10000; got 1.5'],
    },
    {
      name: 'a prop of a wrong kind',
      props: 'scanLimit: 5',
      says: ['scanLimit: must be a Size, e.g. Size.gibibytes(100); got 5'],
    },
    { name: 'several at once', props: 'shards: -1, nope: 1', says: ['nope: unknown prop'] },
    {
      name: 'a job that there is not',
      props: 'jobs: { nope: {} }',
      says: ['jobs.nope: unknown job; known: all, events'],
    },
    { name: 'no address', alarmEmail: "'nobody'", says: ['alarmEmail must be an e-mail address; got "nobody"'] },
  ])('$name', ({ config = good, props, alarmEmail, says }) => {
    const { status, stdout, stderr } = run(config, props, alarmEmail);
    expect([status, stdout]).toEqual([1, '']);
    for (const each of says) expect(stderr).toContain(each);
    expect(stderr).not.toMatch(/^\s+at |Node\.js v|throw |\.ts:\d/m);
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(4);
  });

  it('and another error keeps its trace, which says where it was', () => {
    const { status, stderr } = run("{ get sources() { throw new TypeError('boom'); } }");
    expect(status).toBe(1);
    expect(stderr).toMatch(/TypeError: boom\n\s+at .*cdp\.config\.ts:\d+/);
  });

  it('and a configuration without a fault makes the template', () => {
    const { status, stderr } = run(good);
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('not valid')]);
  });
});
