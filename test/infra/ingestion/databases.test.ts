import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';
import { withoutBundling } from '../unbundled.ts';

const shop = {
  id: 'shop',
  kind: 'database',
  engine: 'postgresql',
  host: 'db.shop.example',
  database: 'shop',
  secret: 'shop/reader',
  objects: [{ object: 'orders', rows: 'events', key: ['id'] }],
  reads: { orders: { table: 'orders', cursor: 'changed' } },
} as const;
const inside = { subnet: 'subnet-1', availabilityZone: 'eu-west-1a', securityGroups: ['sg-1'] } as const;
const far = {
  ...shop,
  id: 'far',
  secret: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:far-AbCdEf',
  secretKey: 'arn:aws:kms:eu-west-1:111122223333:key/far',
  connection: inside,
  driverJar: 's3://my-jars/postgresql-42.7.7.jar',
} as const;

/** The example without the database that it reads. */
const unread = config.sources.filter(({ kind }) => kind !== 'database');

const stackWith = (sources: readonly object[]) =>
  new CdpStack(new App({ context: withoutBundling }), 'Databases', {
    config: { ...config, sources: [...unread, ...sources] as typeof config.sources },
  });

describe('sources that are databases', () => {
  let template: Template;
  let findings: readonly string[];
  beforeAll(() => {
    const stack = stackWith([shop, far]);
    findings = new AwsSolutionsChecks()
      .validateScope(stack)
      .violations.flatMap(({ ruleName, violatingResources = [] }) =>
        violatingResources.map(({ constructPath = '' }) => `${ruleName} ${constructPath}`),
      )
      .filter((finding) => finding.includes('Pulls'));
    template = Template.fromStack(stack);
  });

  const jobOf = (source: string) =>
    Object.values(
      template.findResources('AWS::Glue::Job', {
        Properties: { Description: `Reads the database of the source ${source}` },
      }),
    ).map(({ Properties }) => Properties)[0];
  const allowed = (source: string): string[] => {
    const [[, policy] = []] = Object.entries(template.findResources('AWS::IAM::Policy')).filter(([id]) =>
      id.includes(`Pulls${source}Role`),
    );
    const statements: { Action: string | string[]; Resource: unknown }[] = policy?.Properties.PolicyDocument.Statement;
    return statements.flatMap(({ Action, Resource }) =>
      [Action].flat().map((each) => `${each} on ${JSON.stringify(Resource)}`),
    );
  };

  it('have a job each, which one alone runs at a time', () => {
    expect(jobOf('shop')).toMatchObject({ ExecutionProperty: { MaxConcurrentRuns: 1 } });
    expect(jobOf('shop').DefaultArguments['--secret']).toBe('shop/reader');
    expect(jobOf('shop').DefaultArguments['--extra-jars']).toBeUndefined();
    expect(jobOf('shop').Connections).toBeUndefined();
  });

  it('are reached through a connection that tells neither address nor password', () => {
    template.hasResourceProperties('AWS::Glue::Connection', {
      ConnectionInput: {
        ConnectionType: 'NETWORK',
        ConnectionProperties: {},
        PhysicalConnectionRequirements: { SubnetId: 'subnet-1', SecurityGroupIdList: ['sg-1'] },
      },
    });
    template.resourceCountIs('AWS::Glue::Connection', 1);
    expect(jobOf('far').Connections).toEqual({ Connections: [{ Ref: expect.stringContaining('FarConnection') }] });
    expect(jobOf('far').DefaultArguments['--extra-jars']).toBe(far.driverJar);
  });

  it('read one secret each, and ask EC2 for nothing outside a VPC', () => {
    const of = (source: string, service: string) => allowed(source).filter((each) => each.startsWith(service));
    expect(of('Shop', 'secretsmanager:').join()).toMatch(/^secretsmanager:GetSecretValue on .*shop\/reader-\?{6}/);
    expect(of('Far', 'secretsmanager:')).toEqual([`secretsmanager:GetSecretValue on ${JSON.stringify(far.secret)}`]);
    expect(of('Far', 'kms:').join()).toContain(far.secretKey);
    expect(of('Shop', 'ec2:')).toEqual([]);
    expect(of('Far', 'ec2:').length).toBe(10);
    expect(of('Far', 's3:GetObject').join()).toContain('my-jars/postgresql-42.7.7.jar');
  });

  it('start by their schedules, and an alarm rings when they are behind', () => {
    const triggers = template.findResources('AWS::Glue::Trigger', {
      Properties: { Schedule: 'cron(0 * * * ? *)', Actions: [{ JobName: { Ref: Match.stringLikeRegexp('Pulls') } }] },
    });
    expect(Object.keys(triggers)).toHaveLength(2);
    const alarms = Object.keys(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms.filter((id) => /Pulls(Shop|Far)Behind/.test(id))).toHaveLength(2);
  });

  it('start when somebody says so, and no alarm waits for them, without a schedule', () => {
    const quiet = Template.fromStack(stackWith([{ ...shop, schedule: 'none' }]));
    const ids = Object.keys(quiet.toJSON().Resources).filter((id) => /Pulls.*Shop/.test(id));
    expect(ids.some((id) => id.includes('Role'))).toBe(true);
    expect(ids.filter((id) => /Trigger|Behind/.test(id))).toEqual([]);
  });

  it('leave cdk-nag nothing to find', () => expect(findings).toEqual([]));

  it('cost nothing where there are none', () => {
    expect(
      Object.keys(Template.fromStack(stackWith([])).toJSON().Resources).filter((id) => id.includes('Pulls')),
    ).toEqual([]);
  });
});
