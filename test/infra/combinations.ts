import { App, Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { config } from '../../cdp.config.ts';
import { CdpStack } from '../../lib/platform/cdp-stack.ts';
import type { CustomerDataPlatformProps } from '../../lib/platform/platform-props.ts';
import { withoutBundling } from './unbundled.ts';

const matching = { traits: { given_name: 'first_name', surname: 'last_name', postcode: 'postcode' } };
const steady = { readUnits: { min: 5, max: 500 }, writeUnits: { min: 5, max: 500 } };

const forwarded: NonNullable<typeof config.destinations> = [
  { id: 'crm', kind: 'webhook', segments: ['newsletter'], events: { types: ['identify'] } },
  {
    id: 'leads',
    kind: 'catalogue',
    tool: 'hubspot',
    events: {},
    actions: [
      {
        action: 'customEvent',
        when: 'type = "track"',
        mapping: { event_name: { '@path': '$.event' }, record_details: { object_type: 'contact' } },
      },
    ],
  },
  { id: 'orders', kind: 'webhook', events: { where: 'event = "Order Completed"' }, consent: ['advertising'] },
];

const pulled: typeof config.sources = [
  { id: 'shop-api', kind: 'pull', preset: 'shopify', settings: { shop: 'acme' } },
  {
    id: 'sales',
    kind: 'pull',
    preset: 'pipedrive',
    settings: { company: 'acme' },
    proof: 'oauth',
    schedule: 'cron(0 5 L * ? *)',
  },
];

/** Props of a platform. */
interface Combination {
  readonly props: Partial<CustomerDataPlatformProps>;
  /** Rules that say what is by default, and is otherwise here. */
  readonly otherwise: RegExp;
}

/** Platforms that differ from the shipped one in most of what can be set. */
export const combinations: Record<string, Combination> = {
  Moving: {
    props: {
      config: { ...config, identity: { matching } },
      shards: 0,
      exportSchedule: 'off',
      batchSchedule: 'cron(0/5 * * * ? *)',
      lakeFormation: { analysts: ['arn:aws:iam::111122223333:role/Analysts'] },
      stitch: { parallelizationFactor: 10, reservedConcurrency: 1 },
      jobs: {
        matches: { schedule: 'cron(0 3 * * ? *)' },
        marts: { schedule: 'cron(0 4 * * ? *)' },
        maintain: { schedule: 'cron(0 5 L * ? *)' },
      },
      table: { provisioned: steady, warmThroughput: { readUnitsPerSecond: 30_000 } },
      alarmEmail: 'ops@example.com',
      dashboard: true,
      logRetention: RetentionDays.ONE_YEAR,
    },
    otherwise: /IncomingBytes|ScheduleGroup|sets executions aside|log group|logs of jobs|the table has the keys/,
  },
  Large: {
    props: {
      config: { ...config, sources: [...config.sources, ...pulled], destinations: forwarded },
      shards: 10,
      eventRetention: Duration.days(365),
      removalPolicy: RemovalPolicy.RETAIN,
      lakeFormation: true,
      batchingWindow: Duration.seconds(0),
      rawRetention: Duration.days(1),
      scanLimit: Size.gibibytes(1),
      collect: { memorySize: 128, reservedConcurrency: 1 },
      deliver: { maxConcurrency: 2, reservedConcurrency: 2 },
      table: { warmThroughput: { writeUnitsPerSecond: 4000 } },
      jobs: { all: { workers: 299, workerType: 'R.8X', timeout: Duration.days(7) } },
    },
    otherwise:
      /event stream is encrypted|sets executions aside|outlives its stack|dead letters are kept|who called the APIs|stream is re|after 21 days|after three days|after seven days/,
  },
  Small: {
    props: {
      config: { ...config, destinations: [], segments: [] },
      exportSchedule: 'rate(1 day)',
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    },
    otherwise: /SQS::Queue|every queue|work queue|dead letters|bus of ours/,
  },
};

// By the paths linters know that the CDK made a template, and what style to expect.
const app = new App({ context: { ...withoutBundling, 'aws:cdk:enable-path-metadata': true } });
/** A stack of each. */
export const stacks = Object.entries(combinations).map(
  ([name, { props }]) => new CdpStack(app, name, { config, ...props }),
);
/** The template of each, by its name. */
export const templateFiles = new Map(
  app.synth().stacks.map(({ stackName, templateFullPath }) => [stackName, templateFullPath]),
);
