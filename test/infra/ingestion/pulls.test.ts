import { spawnSync } from 'node:child_process';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { pullPackages } from '../../../lib/ingestion/pulls.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';

import { withoutBundling } from '../unbundled.ts';

const sales = { id: 'sales', kind: 'pull', preset: 'hubspot', proof: 'oauth' } as const;
const shop = { id: 'shop-api', kind: 'pull', preset: 'shopify', settings: { shop: 'acme' } } as const;
/** The example without the database that it reads. */
const unread = config.sources.filter(({ kind }) => kind !== 'database');

const stackWith = (sources: readonly object[]) =>
  new CdpStack(new App({ context: withoutBundling }), 'Pulled', {
    config: { ...config, sources: [...unread, ...sources] as typeof config.sources },
  });

describe('sources whose APIs are read', () => {
  let template: Template;
  beforeAll(() => {
    template = Template.fromStack(stackWith([sales, shop]));
  });

  /** What the role of a source's job may do, as `action on resource`. */
  const allowed = (source: string): string[] => {
    const [[, policy] = []] = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) =>
      id.includes(`Pulls${source}Role`),
    );
    const statements: { Action: string | string[]; Resource: unknown }[] = policy?.Properties.PolicyDocument.Statement;
    return statements.flatMap(({ Action, Resource }) => [Action].flat().map((each) => `${each} on ${text(Resource)}`));
  };
  const text = (resource: unknown): string => JSON.stringify(resource);

  it('have a job each, which runs once at a time, and starts by its schedule', () => {
    const jobs = template.findResources('AWS::Glue::Job', {
      Properties: {
        Command: Match.objectLike({ ScriptLocation: Match.anyValue() }),
        Description: Match.stringLikeRegexp('^Reads the API'),
      },
    });
    expect(Object.values(jobs).map(({ Properties }) => Properties.ExecutionProperty.MaxConcurrentRuns)).toEqual([1, 1]);
    const triggers = Object.entries(template.findResources('AWS::Glue::Trigger')).filter(([id]) =>
      id.includes('Pulls'),
    );
    expect(triggers.map(([, { Properties }]) => Properties.Schedule)).toEqual([
      'cron(0 * * * ? *)',
      'cron(0 * * * ? *)',
    ]);
  });

  it('may read their own secret, and write to it only where tokens are replaced', () => {
    const ofSecrets = (source: string) => allowed(source).filter((each) => each.startsWith('secretsmanager:'));
    expect(ofSecrets('Sales').every((each) => /PullsSalesSecret/.test(each))).toBe(true);
    expect(ofSecrets('Sales').map((each) => each.split(' ')[0])).toEqual([
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ]);
    expect(ofSecrets('ShopApi').map((each) => each.split(' ')[0])).toEqual(['secretsmanager:GetSecretValue']);
  });

  it('may write to their own prefixes and to tables, to one table of the catalog, and to no stream', () => {
    const places = [
      ...allowed('ShopApi')
        .join('\n')
        .matchAll(/s3:PutObject on .*/g),
    ]
      .join()
      .match(/"\/[^"]+\*"/g);
    expect(places).toEqual(
      ['imports/rows/shop-api', 'imports/staged/shop-api', 'imports/state/shop-api', 'pulls/shop-api', 'tables'].map(
        (prefix) => `"/${prefix}/*"`,
      ),
    );
    expect(allowed('ShopApi').filter((each) => each.startsWith('kinesis:'))).toEqual([]);
    expect(allowed('ShopApi').find((each) => each.startsWith('glue:CreateTable'))).toMatch(/\/records"/);
  });

  it('have an alarm each for when they are behind', () => {
    const alarms = Object.keys(template.findResources('AWS::CloudWatch::Alarm')).filter((id) =>
      id.includes('AlarmsPulls'),
    );
    expect(alarms.map((id) => /Pulls(\w+?)[0-9A-F]{8}$/.exec(id)?.[1]).sort()).toEqual([
      'SalesBehind',
      'ShopApiBehind',
    ]);
  });

  it('tell the template no secret, and the job no mapping', () => {
    const secrets = Object.entries(template.findResources('AWS::SecretsManager::Secret')).filter(([id]) =>
      id.includes('Pulls'),
    );
    expect(secrets.map(([, { Properties }]) => Properties.GenerateSecretString.GenerateStringKey)).toEqual([
      'unused',
      'unused',
    ]);
  });

  it('cost nothing where there are none', () => {
    expect(
      Object.keys(Template.fromStack(stackWith([])).toJSON().Resources).filter((id) => id.includes('Pulls')),
    ).toEqual([]);
  });
});

it.each([
  { schedule: 'cron(0/2 * * * ? *)', flaw: 'Glue starts jobs at most every five minutes' },
  { schedule: 'rate(1 hour)', flaw: 'it must have six fields' },
])(
  'refuses to read an API by $schedule',
  ({ schedule, flaw }) =>
    expect(() => stackWith([{ ...shop, schedule }])).toThrow(`sources.shop-api.schedule: is "${schedule}"`) ??
    expect(() => stackWith([{ ...shop, schedule }])).toThrow(flaw),
);

describe('packages of the job', () => {
  const imports = (packages: readonly string[]) =>
    spawnSync('.venv/bin/python', ['test/infra/job_imports.py', 'pull_api', ...packages], { encoding: 'utf8' });

  it('are all imported, and no others are needed', () => {
    const { stdout, stderr } = imports(pullPackages);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([...pullPackages].sort());
  });

  it('are missed where one is not among them', () =>
    expect(imports(pullPackages.filter((name) => name !== 'pendulum')).stderr).toContain("No module named 'pendulum'"));
});
