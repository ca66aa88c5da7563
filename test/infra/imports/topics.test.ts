import { AwsSolutionsChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { parseConfig } from '../../../lambdas/core/config/config.ts';
import { env } from '../../../lambdas/core/contract/environment.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';
import { broken } from '../rules/all.ts';
import { at, ofType, type Template } from '../rules/template.ts';
import { wholeTemplate } from '../rules/whole.ts';
import { scratchApp } from '../unbundled.ts';

const cluster = 'arn:aws:kafka:eu-central-1:111122223333:cluster/events/0a1b-2';
const network = { subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'] };
const brokers = ['kafka.example.com:9096'];
const objects = [
  { object: 'visits', topic: 'web.visits', rows: 'events' },
  { object: 'orders', topic: 'orders', rows: 'events', startAt: 'newest' },
] as const;
const changes = {
  ...{ object: 'people', topic: 'shop.people', rows: 'records', key: ['id'], envelope: { kind: 'debezium' } },
  mappings: [{ to: { type: 'identify', traits: { '@path': '$.changed' } } }],
};
const kafka = (id: string, connection: object) => ({ id, kind: 'kafka', connection, objects }) as never;

/**
 * Rules about streams and roles that topics cannot keep: outside of provisioned mode, Lambda tries a batch again for as
 * long as the topic has it, and gives nothing up; brokers and clusters are somebody else's.
 */
const ofStreams = new Set([
  'every Lambda::EventSourceMapping has an alarm on OnFailureDestinationDeliveredEventCount',
  'every Lambda::Function has an alarm on DestinationDeliveryFailures',
  'every Lambda::Function has an alarm on IteratorAge',
  'every mapping lets a function say which items failed',
  'every role may act on resources of this template and its assets only, and on the secret of a database, by name',
  'every stream is read from its beginning, with so many retries that its records’ age ends them, bounded age and halved batches',
  'no role may do anything by wildcard, but to objects and log groups under a prefix, which their writer names, and what is no resource, or is bounded by a condition',
  'no stream is retried without end',
  'what a stream’s function gives up on goes to a bucket, whole',
]);

describe('a platform with sources of Kafka', () => {
  let template: Template;
  let violations: readonly unknown[];
  beforeAll(() => {
    const sources = [
      kafka('secure', { kind: 'brokers', brokers, ownAuthority: true }),
      kafka('mutual', { kind: 'brokers', brokers, signIn: 'certificate', network }),
      kafka('inside', { kind: 'brokers', brokers, signIn: 'none', network }),
      kafka('managed', { kind: 'msk', cluster }),
      { id: 'shop', kind: 'kafka', connection: { kind: 'brokers', brokers }, objects: [changes] } as never,
    ];
    const app = scratchApp();
    new CdpStack(app, 'Cdp', { config: { ...config, sources: [...config.sources, ...sources] } });
    ({ violations } = new AwsSolutionsChecks().validateScope(app));
    template = wholeTemplate(app.synth().getStackByName('Cdp').templateFullPath);
  });

  const functionOf = (source: string) =>
    ofType(template, 'Lambda::Function').find(
      ([, fn]) => at(fn, `Properties.Environment.Variables.${env.sourceId}`) === source,
    );
  const mappingsOf = (source: string) => {
    const [id] = functionOf(source) ?? [];
    return ofType(template, 'Lambda::EventSourceMapping')
      .filter(([, mapping]) => JSON.stringify(at(mapping, 'Properties.FunctionName')).includes(`"${id}"`))
      .map(([, mapping]) => at(mapping, 'Properties') as Record<string, unknown>);
  };
  const accessOf = (source: string) => {
    const access = mappingsOf(source)[0]?.SourceAccessConfigurations as { Type: string; URI: unknown }[] | undefined;
    return access?.map(({ Type, URI }) => (typeof URI === 'string' ? `${Type} ${URI}` : Type));
  };
  const roleOf = (source: string) => {
    const [id] = functionOf(source) ?? [];
    const [, role] = ofType(template, 'IAM::Role').find(([name]) => name.startsWith(`${id?.slice(0, -8)}Role`)) ?? [];
    return JSON.stringify(role);
  };

  it('breaks no rule, and nothing is found in it', () => {
    expect(violations).toEqual([]);
    const rules = new Set(broken(template).map(({ rule }) => rule));
    expect([...rules].filter((rule) => !ofStreams.has(rule))).toEqual([]);
  });

  it('leaves changes of tables to the job of records, which imports start, in large batches', () => {
    expect(mappingsOf('shop')).toMatchObject([{ BatchSize: 5_000, MaximumBatchingWindowInSeconds: 60 }]);
    expect(mappingsOf('secure')[0]).toMatchObject({ BatchSize: 500, MaximumBatchingWindowInSeconds: 1 });
    expect(roleOf('shop')).toContain('/imports/rows/shop/*');
    expect(roleOf('secure')).not.toContain('/imports/');
    const [, take] = ofType(template, 'Lambda::Function').find(([, fn]) =>
      at(fn, `Properties.Environment.Variables.${env.importQueue}`),
    ) ?? [''];
    expect(at(take, `Properties.Environment.Variables.${env.recordsJob}`)).toBeDefined();
  });

  it('reads each topic from where its object says, in a consumer group of its own', () => {
    const found = mappingsOf('secure');
    expect(found.map(({ Topics, StartingPosition }) => [Topics, StartingPosition])).toEqual([
      [['web.visits'], 'TRIM_HORIZON'],
      [['orders'], 'LATEST'],
    ]);
    const groups = ['secure', 'mutual', 'inside', 'managed'].flatMap((source) =>
      mappingsOf(source).map((each) =>
        JSON.stringify(each.SelfManagedKafkaEventSourceConfig ?? each.AmazonManagedKafkaEventSourceConfig),
      ),
    );
    expect(new Set(groups).size).toBe(8);
  });

  it('connects as each source says', () => {
    expect(accessOf('secure')).toEqual(['SASL_SCRAM_512_AUTH', 'SERVER_ROOT_CA_CERTIFICATE']);
    const places = ['VPC_SUBNET subnet:subnet-0a1b2c3d', 'VPC_SECURITY_GROUP security_group:sg-0a1b2c3d'];
    expect(accessOf('mutual')).toEqual(['CLIENT_CERTIFICATE_TLS_AUTH', ...places]);
    expect(accessOf('inside')).toEqual(places);
    expect(mappingsOf('managed')[0]).toMatchObject({ EventSourceArn: cluster });
  });

  it('lets each function do what its connection needs, and no more', () => {
    const [secure, mutual, inside, managed] = ['secure', 'mutual', 'inside', 'managed'].map(roleOf);
    const has = (role: string | undefined) =>
      // Each reads the key of identifiers, by which it asks about barriers; a connection may need secrets of its own.
      [/"Ref":"[^"]*(SignIn|Authority)/, /ec2:CreateNetworkInterface/, /kafka:DescribeCluster/].map((wanted) =>
        wanted.test(role ?? ''),
      );
    expect([secure, mutual, inside, managed].map(has)).toEqual([
      [true, false, false],
      [true, true, false],
      [false, true, false],
      [false, true, true],
    ]);
    expect(managed).toContain(':topic/events/0a1b-2/web.visits');
    expect(managed).not.toContain(':topic/events/0a1b-2/*');
  });
});

describe('a source of Kafka is refused', () => {
  const faultOf = (connection: object, more: object = {}) => {
    try {
      parseConfig({ sources: [{ ...(kafka('bus', connection) as object), ...more }] as never });
      return undefined;
    } catch (error) {
      return String(error);
    }
  };

  it.each([
    {
      name: 'without TLS over the internet',
      connection: { kind: 'brokers', brokers, signIn: 'none' },
      says: 'network',
    },
    { name: 'with an address without a port', connection: { kind: 'brokers', brokers: ['kafka'] }, says: 'host:port' },
    { name: 'with no broker', connection: { kind: 'brokers', brokers: [] }, says: 'brokers' },
    { name: 'with what is no cluster', connection: { kind: 'msk', cluster: 'events' }, says: 'ARN of a cluster' },
    { name: 'with a sign-in that MSK lacks', connection: { kind: 'msk', cluster, signIn: 'plain' }, says: 'signIn' },
    { name: 'with another connection', connection: { kind: 'confluent' }, says: 'connection' },
    {
      name: 'with a topic twice',
      connection: { kind: 'brokers', brokers },
      more: { objects: [objects[0], { ...objects[0], object: 'again' }] },
      says: 'must name each topic once',
    },
    {
      name: 'with records that no log orders',
      connection: { kind: 'brokers', brokers },
      more: { objects: [{ ...changes, envelope: undefined }] },
      says: 'objects[0].envelope',
    },
  ])('$name', ({ connection, more, says }) => expect(faultOf(connection, more)).toContain(says));
});
