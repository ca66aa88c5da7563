import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { templatesOf } from '../../local/platform/assembly-templates.ts';
import {
  type LastingPart,
  lastingPart,
  lastingTypes,
  lastReleaseFile,
  type Release,
} from '../../local/release/lasting-part.ts';
import { untold } from '../../local/release/release-texts.ts';
import type { UpgradeChange } from '../../local/release/upgrade-change.ts';
import { upgradeChanges } from '../../local/release/upgrade-changes.ts';
import { at, merge, type Resource } from './rules/template.ts';
import { templateFile } from './shipped.ts';

/** What must last of the shipped template, each time by itself, so that a test may change it. */
const shippedPart = (): LastingPart => lastingPart(templatesOf(templateFile));

/** Every resource that must last: where it is, its id there, and what it is. */
const lastingResources = (part: LastingPart): { path: string; id: string; resource: Resource }[] =>
  Object.entries(part).flatMap(([path, { Resources }]) =>
    Object.entries(Resources).map(([id, resource]) => ({ path, id, resource: resource as Resource })),
  );

const first = (part: LastingPart, type: string): Resource => {
  const found = lastingResources(part).find(({ resource }) => resource.Type === type);
  if (found === undefined) throw new Error(`the shipped template has no ${type}`);
  return found.resource;
};

/** What an upgrade to the shipped template does when one resource of a type is changed in it. */
function changesWhere(type: string, change: (resource: Resource) => void): UpgradeChange[] {
  const now = shippedPart();
  change(first(now, type));
  return upgradeChanges(shippedPart(), now);
}

const patched = (type: string, patch: object) => changesWhere(type, (resource) => merge(resource, patch));
const weights = (changes: readonly UpgradeChange[]) => changes.map(({ weight }) => weight);

interface Column {
  name: string;
  type: string;
}

/** What an upgrade does when the lake's tables are declared otherwise. */
const withTables = (change: (tables: { name: string; partition: string[]; columns: Column[] }[]) => void) =>
  changesWhere('Custom::LakeTables', ({ Properties = {} }) => {
    const tables = JSON.parse(String(Properties.Tables));
    change(tables);
    Properties.Tables = JSON.stringify(tables);
  });

describe('what must last', () => {
  it('is everything of those types, in the stack and those nested in it', () => {
    const types = new Set(lastingResources(shippedPart()).map(({ resource }) => resource.Type));
    expect([...lastingTypes.keys()].filter((type) => !types.has(type))).toEqual([]);
  });

  it('is the same as itself', () => expect(upgradeChanges(shippedPart(), shippedPart())).toEqual([]));

  it.each(lastingResources(shippedPart()).map(({ path, id }) => ({ path, id })))(
    '$path $id is missed when it goes, and when it gets another id',
    ({ path, id }) => {
      const now = shippedPart();
      const resources = now[path]?.Resources as Record<string, Resource>;
      const resource = resources[id];
      Reflect.deleteProperty(resources, id);
      const named = expect.objectContaining({ id: path === '' ? id : `${path}/${id}`, weight: 'loses' });
      expect(upgradeChanges(shippedPart(), now)).toContainEqual(named);
      Object.assign(resources, { Other: resource });
      expect(upgradeChanges(shippedPart(), now)).toContainEqual(named);
    },
  );

  it('is missed when an output goes', () => {
    const now = shippedPart();
    Reflect.deleteProperty(now['']?.Outputs ?? {}, 'IngestUrl');
    expect(upgradeChanges(shippedPart(), now)).toEqual([
      { id: 'IngestUrl', what: expect.stringContaining('missing from the outputs'), weight: 'loses' },
    ]);
  });
});

describe('since the last release', () => {
  const last = JSON.parse(readFileSync(lastReleaseFile, 'utf8')) as Release;
  const changes = upgradeChanges(last.lasting, shippedPart());

  it('nothing is lost (`npm run release` tells more)', () =>
    expect(changes.filter(({ weight }) => weight === 'loses')).toEqual([]));

  it('the upgrade notes tell what is updated', () =>
    expect(untold(changes, readFileSync('docs/guides/upgrade.md', 'utf8'))).toEqual([]));

  it('the package has its version', () => {
    expect((JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version).toBe(last.version);
  });
});

describe('an upgrade may not', () => {
  it.each([
    {
      what: 'give the table another key',
      type: 'AWS::DynamoDB::Table',
      patch: { Properties: { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] } },
    },
    { what: 'name the table', type: 'AWS::DynamoDB::Table', patch: { Properties: { TableName: 'profiles' } } },
    {
      what: 'give the table another stream',
      type: 'AWS::DynamoDB::Table',
      patch: { Properties: { StreamSpecification: { StreamViewType: 'KEYS_ONLY' } } },
    },
    {
      what: 'give the table away when its stack goes',
      type: 'AWS::DynamoDB::Table',
      patch: { DeletionPolicy: 'Delete' },
    },
    { what: 'name a bucket', type: 'AWS::S3::Bucket', patch: { Properties: { BucketName: 'lake' } } },
    { what: 'let a bucket go that is replaced', type: 'AWS::S3::Bucket', patch: { UpdateReplacePolicy: undefined } },
    {
      what: 'generate a secret otherwise',
      type: 'AWS::SecretsManager::Secret',
      patch: { Properties: { GenerateSecretString: { PasswordLength: 65 } } },
    },
    {
      what: 'generate no secret',
      type: 'AWS::SecretsManager::Secret',
      patch: { Properties: { GenerateSecretString: undefined } },
    },
    { what: 'make the key another', type: 'AWS::KMS::Key', patch: { Properties: { KeySpec: 'RSA_2048' } } },
    { what: 'name the stream', type: 'AWS::Kinesis::Stream', patch: { Properties: { Name: 'events' } } },
    {
      what: 'name the database otherwise',
      type: 'AWS::Glue::Database',
      patch: { Properties: { DatabaseInput: { Name: 'cdp' } } },
    },
    {
      what: 'let a delivery stream read another stream',
      type: 'AWS::KinesisFirehose::DeliveryStream',
      patch: { Properties: { DeliveryStreamName: 'x' } },
    },
    {
      what: 'begin to read a stream again',
      type: 'AWS::Lambda::EventSourceMapping',
      patch: { Properties: { StartingPosition: 'AT_TIMESTAMP' } },
    },
    { what: 'make a queue another', type: 'AWS::SQS::Queue', patch: { Properties: { FifoQueue: true } } },
    {
      what: 'give a stage another name',
      type: 'AWS::ApiGatewayV2::Stage',
      patch: { Properties: { StageName: 'prod' } },
    },
    {
      what: 'name the workgroup otherwise',
      type: 'AWS::Athena::WorkGroup',
      patch: { Properties: { Name: 'analysts' } },
    },
    {
      what: 'describe the analysts’ policy otherwise',
      type: 'AWS::IAM::ManagedPolicy',
      patch: { Properties: { Description: 'Analysts' } },
    },
    {
      what: 'let another function make the tables',
      type: 'Custom::LakeTables',
      patch: { Properties: { ServiceToken: 'arn:other' } },
    },
    {
      what: 'make a resource one of another type',
      type: 'AWS::DynamoDB::Table',
      patch: { Type: 'AWS::DynamoDB::GlobalTable' },
    },
  ])('$what', ({ type, patch }) => expect(weights(patched(type, patch))).toContain('loses'));

  it.each([
    { what: 'drop a table', change: (tables: unknown[]) => tables.pop() },
    { what: 'drop a column', change: ([table]: { columns: Column[] }[]) => table?.columns.pop() },
    {
      what: 'make a text of a number',
      change: ([table]: { columns: Column[] }[]) => Object.assign(columnOf(table, 'int'), { type: 'string' }),
    },
    {
      what: 'make a number smaller',
      change: ([table]: { columns: Column[] }[]) => Object.assign(columnOf(table, 'bigint'), { type: 'int' }),
    },
    {
      what: 'give a number other decimals',
      change: ([table]: { columns: Column[] }[]) =>
        Object.assign(columnOf(table, 'decimal(18,4)'), { type: 'decimal(18,2)' }),
    },
    { what: 'partition a table otherwise', change: ([table]: { partition: string[] }[]) => table?.partition.splice(0) },
  ])('$what', ({ change }) => expect(weights(withTables(change))).toEqual(['loses']));
});

const columnOf = (table: { columns: Column[] } | undefined, type: string): Column => {
  const found = table?.columns.find((column) => column.type === type);
  if (found === undefined) throw new Error(`no column is a ${type}`);
  return found;
};

describe('an upgrade may', () => {
  it.each([
    { what: 'keep events longer', type: 'AWS::Kinesis::Stream', patch: { Properties: { RetentionPeriodHours: 99 } } },
    {
      what: 'expire objects otherwise',
      type: 'AWS::S3::Bucket',
      patch: { Properties: { LifecycleConfiguration: { Rules: [] } } },
    },
    { what: 'read larger batches', type: 'AWS::Lambda::EventSourceMapping', patch: { Properties: { BatchSize: 7 } } },
    { what: 'keep what went', type: 'AWS::Kinesis::Stream', patch: { UpdateReplacePolicy: 'RetainExceptOnCreate' } },
  ])('$what, if it is told', ({ type, patch }) => expect(weights(patched(type, patch))).toEqual(['told']));

  it('make numbers wider, if it is told', () => {
    const wider = (from: string, to: string) =>
      withTables(([table]) => Object.assign(columnOf(table, from), { type: to }));
    expect([wider('int', 'bigint'), wider('decimal(18,4)', 'decimal(20,4)')].flatMap(weights)).toEqual([
      'told',
      'told',
    ]);
  });

  it('add tables and columns, and word a comment otherwise', () => {
    const added = withTables((tables) => {
      tables[0]?.columns.push({ name: 'mood', type: 'string' });
      tables.push({ name: 'moods', partition: [], columns: [] });
    });
    expect(weights(added)).toEqual(['added', 'added']);
    expect(withTables(([table]) => Object.assign(table?.columns[0] ?? {}, { comment: 'otherwise' }))).toEqual([]);
  });

  it('add a resource', () => {
    const now = shippedPart();
    Object.assign(now['']?.Resources ?? {}, { New: { Type: 'AWS::SQS::Queue' } });
    expect(weights(upgradeChanges(shippedPart(), now))).toEqual(['added']);
    expect(at(first(now, 'AWS::SQS::Queue'), 'Type')).toBe('AWS::SQS::Queue');
  });
});
