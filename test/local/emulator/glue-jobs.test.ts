import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  BatchStopJobRunCommand,
  CreateJobCommand,
  GetJobRunCommand,
  GetJobRunsCommand,
  GetSecurityConfigurationCommand,
  GetTableCommand,
  GlueClient,
  type JobRun,
  StartJobRunCommand,
} from '@aws-sdk/client-glue';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientSettings } from '../../../local/platform/aws.ts';
import { deployAlone, type EmulatedStack } from '../stack/emulated-stack.ts';
import { eventually } from '../stack/eventually.ts';
import { getAtt, referenceOutputs, role, tlsOnlyBucket } from '../stack/template-parts.ts';

const template = {
  Resources: {
    ...tlsOnlyBucket('Lake'),
    Role: role('glue', [
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
      's3:DeleteObject',
      'glue:GetDatabase',
      'glue:GetTable',
      'glue:CreateTable',
      'glue:UpdateTable',
    ]),
    Powerless: role('glue', []),
    Database: {
      Type: 'AWS::Glue::Database',
      Properties: { CatalogId: '000000000000', DatabaseInput: { Name: 'shop' } },
    },
    Security: {
      Type: 'AWS::Glue::SecurityConfiguration',
      Properties: {
        Name: 'sealed',
        EncryptionConfiguration: { CloudWatchEncryption: { CloudWatchEncryptionMode: 'SSE-KMS' } },
      },
    },
    Telling: role('glue', ['s3:GetObject', 'logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents']),
    Sealing: role('glue', [
      's3:GetObject',
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'logs:AssociateKmsKey',
    ]),
  },
  Outputs: {
    ...referenceOutputs('Lake', 'Security'),
    Role: { Value: getAtt('Role', 'Arn') },
    Powerless: { Value: getAtt('Powerless', 'Arn') },
    Telling: { Value: getAtt('Telling', 'Arn') },
    Sealing: { Value: getAtt('Sealing', 'Arn') },
  },
};

let stack: EmulatedStack;
let glue: GlueClient;
let s3: S3Client;
beforeAll(async () => {
  stack = await deployAlone(template);
  glue = new GlueClient(clientSettings(stack.url));
  s3 = new S3Client({ ...clientSettings(stack.url), forcePathStyle: true });
}, 120_000);
afterAll(() => stack?.stop());

const put = (Key: string, Body: string | Buffer) =>
  s3.send(new PutObjectCommand({ Bucket: stack.outputs.Lake, Key, Body }));

/** A job with a script of its own; what the run gets besides is in `more`. */
async function job(
  name: string,
  script: string,
  more: Partial<ConstructorParameters<typeof CreateJobCommand>[0]> = {},
): Promise<string> {
  await put(`${name}.py`, script);
  const Command = { Name: 'glueetl', PythonVersion: '3', ScriptLocation: `s3://${stack.outputs.Lake}/${name}.py` };
  await glue.send(new CreateJobCommand({ Name: name, Role: stack.outputs.Role, Command, GlueVersion: '5.1', ...more }));
  return name;
}

const start = async (JobName: string, Arguments?: Record<string, string>): Promise<string> =>
  (await glue.send(new StartJobRunCommand({ JobName, Arguments }))).JobRunId ?? '';

const ended = (JobName: string, RunId: string): Promise<JobRun> =>
  eventually(
    `the end of ${JobName}`,
    async () => {
      const { JobRun } = await glue.send(new GetJobRunCommand({ JobName, RunId }));
      return ['STARTING', 'RUNNING', 'STOPPING'].includes(JobRun?.JobRunState ?? '') ? undefined : JobRun;
    },
    100_000,
  );

const run = async (name: string, Arguments?: Record<string, string>): Promise<JobRun> =>
  ended(name, await start(name, Arguments));

/** Puts a zip of wheels, which are empty, and gives what a job with it is told. */
async function given(
  key: string,
  pins: readonly string[],
  wheels: readonly string[] = pins,
): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'wheels-'));
  const zip = join(folder, 'some.zip');
  mkdirSync(join(folder, 'wheels'));
  writeFileSync(join(folder, 'wheels', 'requirements.txt'), pins.join('\n'));
  for (const pin of wheels)
    writeFileSync(join(folder, 'wheels', `${pin.replaceAll('-', '_').replace('==', '-')}-py3-none-any.whl`), '');
  execFileSync(resolve('.venv/bin/python'), ['-m', 'zipfile', '-c', zip, 'wheels'], { cwd: folder });
  await put(key, readFileSync(zip));
  rmSync(folder, { recursive: true });
  return {
    '--additional-python-modules': `s3://${stack.outputs.Lake}/${key}`,
    '--python-modules-installer-option': '--no-index --no-deps',
  };
}

/** Reads an object that Firehose might have written and makes a table of it, with what it was told. */
const spark = `
import sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
lines = spark.read.text(sys.argv[sys.argv.index('--from') + 1])
assert [row.value for row in lines.collect()] == ['first', 'second']
spark.sql('CREATE TABLE lake.shop.lines (value string) USING iceberg')
lines.writeTo('lake.shop.lines').append()
spark.sql("DELETE FROM lake.shop.lines WHERE value = 'first'")
assert spark.table('lake.shop.lines').count() == 1
assert spark.conf.get('spark.sql.shuffle.partitions') == '3'
`;

const settings = (bucket: string) =>
  [
    'spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions',
    'spark.sql.catalog.lake=org.apache.iceberg.spark.SparkCatalog',
    'spark.sql.catalog.lake.catalog-impl=org.apache.iceberg.aws.glue.GlueCatalog',
    'spark.sql.catalog.lake.io-impl=org.apache.iceberg.aws.s3.S3FileIO',
    `spark.sql.catalog.lake.warehouse=s3://${bucket}/tables`,
    'spark.sql.shuffle.partitions=3',
  ].join(' --conf ');

describe('a run of a job', () => {
  it('is Spark, with the job’s arguments and settings, on S3, the catalog and Iceberg', async () => {
    const { Lake: bucket = '' } = stack.outputs;
    await put('raw/lines.gz', gzipSync('first\nsecond\n'));
    await job('tables', spark, { DefaultArguments: { '--datalake-formats': 'iceberg', '--conf': settings(bucket) } });
    expect(await run('tables', { '--from': `s3://${bucket}/raw/lines.gz` })).toMatchObject({
      JobRunState: 'SUCCEEDED',
      ErrorMessage: '',
    });
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: 'shop', Name: 'lines' }));
    expect(Table?.Parameters).toMatchObject({ table_type: 'ICEBERG' });
  }, 120_000);

  it('gets its defaults, what the run says instead, and what Glue adds', async () => {
    const { Lake: bucket = '' } = stack.outputs;
    await put('more.txt', 'beside');
    const script = `
import os, sys
given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
assert (given['--a'], given['--b'], given['--JOB_NAME']) == ('1', '3', 'told'), given
assert given['--JOB_RUN_ID'].startswith('jr_')
assert open('more.txt').read() == 'beside'
assert os.environ['AWS_ACCESS_KEY_ID'].startswith('ASIA')
assert not {name for name in os.environ if name.startswith(('MINISTACK', 'GATEWAY'))}
assert sys.stdin.read() == '' and os.environ['HOME'] == os.getcwd()
`;
    await job('told', script, {
      DefaultArguments: { '--a': '1', '--b': '2', '--extra-files': `s3://${bucket}/more.txt` },
    });
    expect(await run('told', { '--b': '3' })).toMatchObject({ JobRunState: 'SUCCEEDED', Arguments: { '--b': '3' } });
  });

  it('fails when the script does, with its error, and is tried again as often as the job says', async () => {
    await job('broken', "raise ValueError('the third column is not there')", { MaxRetries: 1 });
    const first = await run('broken');
    expect(first).toMatchObject({ JobRunState: 'FAILED', Attempt: 0 });
    expect(first.ErrorMessage).toContain('ValueError: the third column is not there');
    const again = await ended('broken', `${first.Id}_attempt_1`);
    expect(again).toMatchObject({ JobRunState: 'FAILED', Attempt: 1 });
    expect((await glue.send(new GetJobRunsCommand({ JobName: 'broken' }))).JobRuns).toHaveLength(2);
  });

  it('may do what the job’s role may, and nothing else', async () => {
    await job('powerless', 'print()', { Role: stack.outputs.Powerless });
    expect(await run('powerless')).toMatchObject({
      JobRunState: 'FAILED',
      ErrorMessage: expect.stringMatching(/cannot be read by the job's role.*AccessDenied/s),
    });
  });

  it.each([
    {
      what: 'a package from the internet',
      given: { '--additional-python-modules': 'phonenumbers==9.0.43' },
      problem: /--additional-python-modules phonenumbers==9\.0\.43: would come from the internet/,
    },
    {
      what: 'pip asking an index',
      given: { '--additional-python-modules': 's3://nowhere/some.gluewheels.zip' },
      problem: /--python-modules-installer-option lacks --no-index/,
    },
    {
      what: 'a table format that is not here',
      given: { '--datalake-formats': 'hudi' },
      problem: /--datalake-formats hudi: the local emulator has iceberg/,
    },
    {
      what: 'a script that is not there',
      given: { '--extra-py-files': 's3://nowhere/at-all.zip' },
      problem: /s3:\/\/nowhere\/at-all\.zip cannot be read/,
    },
  ])('does not start with $what', async ({ given, problem, what }) => {
    const name = await job(`with ${what}`, 'print()', { DefaultArguments: given as unknown as Record<string, string> });
    expect(await run(name)).toMatchObject({ JobRunState: 'FAILED', ErrorMessage: expect.stringMatching(problem) });
  });

  it.each([
    {
      what: 'a package that is not installed',
      pins: ['nothing-like-it==1.0'],
      problem: /nothing-like-it is not installed/,
    },
    { what: 'another version of one', pins: ['phonenumbers==1.0'], problem: /asks for phonenumbers==1\.0, and \d/ },
    {
      what: 'a package that lacks its wheel',
      pins: ['phonenumbers==9.0.43'],
      wheels: [],
      problem: /phonenumbers==9\.0\.43 has no wheel in its zip/,
    },
  ])('does not start with $what', async ({ what, pins, wheels = pins, problem }) => {
    const DefaultArguments = await given(`${what}.gluewheels.zip`, pins, wheels);
    const name = await job(`with ${what}`, 'print()', { DefaultArguments });
    expect(await run(name)).toMatchObject({ JobRunState: 'FAILED', ErrorMessage: expect.stringMatching(problem) });
  });

  it('imports what Glue has and what the job is given, and nothing else that is installed here', async () => {
    await job('bare', 'import boto3, numpy, pandas, pyarrow, py4j\nimport phonenumbers');
    expect(await run('bare')).toMatchObject({
      JobRunState: 'FAILED',
      ErrorMessage: "ModuleNotFoundError: No module named 'phonenumbers'",
    });
    const DefaultArguments = await given('phones.gluewheels.zip', ['phonenumbers==9.0.43']);
    await job('phones', 'import phonenumbers\nimport scipy', { DefaultArguments });
    expect(await run('phones')).toMatchObject({
      JobRunState: 'FAILED',
      ErrorMessage: "ModuleNotFoundError: No module named 'scipy'",
    });
  });

  it.each([
    { role: 'Telling', security: undefined, given: {}, group: (): string => '/aws-glue/jobs/output' },
    {
      role: 'Telling',
      security: undefined,
      given: { '--custom-logGroup-prefix': '/shop/jobs' },
      group: (): string => '/shop/jobs/output',
    },
    {
      role: 'Sealing',
      security: 'sealed',
      given: {},
      group: (name: string): string => `/aws-glue/jobs/sealed-role/${name}/output`,
    },
    {
      role: 'Sealing',
      security: 'sealed',
      given: { '--custom-logGroup-prefix': '/shop/jobs' },
      group: (name: string): string => `/shop/jobs/sealed-role/${name}/output`,
    },
    { role: 'Telling', security: 'sealed', given: {}, group: undefined },
    { role: 'Powerless', security: undefined, given: {}, group: undefined },
  ])(
    'prints to the log group that Glue names, and to none where the role $role may not, with $security and $given',
    async ({ role: kind, security, given, group }) => {
      const logs = new CloudWatchLogsClient(clientSettings(stack.url));
      const Role = stack.outputs[kind] ?? '';
      const streams = async () => {
        const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
        const found = await Promise.all(
          logGroups.map(async ({ logGroupName = '' }) => {
            const { logStreams = [] } = await logs.send(new DescribeLogStreamsCommand({ logGroupName }));
            return logStreams.map(({ logStreamName = '' }) => ({ logGroupName, logStreamName }));
          }),
        );
        return found.flat();
      };
      const name = await job(
        `tells as ${kind}, ${security}, ${Object.keys(given)}`,
        'import sys\nprint("first")\nprint("second", file=sys.stderr)\nprint("third")',
        {
          Role,
          SecurityConfiguration: security,
          DefaultArguments: given as Record<string, string>,
        },
      );
      const { Id = '' } = await run(name);
      const mine = (await streams()).filter(
        ({ logStreamName, logGroupName }) => logStreamName.startsWith(Id) && logGroupName.endsWith('/output'),
      );
      expect(mine.map(({ logGroupName }) => logGroupName)).toEqual(
        group === undefined ? [] : [group(Role.split('/').at(-1) ?? '')],
      );
      for (const stream of mine) {
        const { events = [] } = await logs.send(new GetLogEventsCommand({ ...stream, startFromHead: true }));
        expect(events.map(({ message }) => message)).toEqual(['first', 'second', 'third']);
      }
    },
  );

  it('is one at a time, and ends when it is stopped', async () => {
    const waiting = 'import signal; signal.pause()';
    await job('slow', waiting);
    const RunId = await start('slow');
    await expect(start('slow')).rejects.toThrow('Concurrent runs exceeded for slow');
    await glue.send(new BatchStopJobRunCommand({ JobName: 'slow', JobRunIds: [RunId] }));
    expect(await ended('slow', RunId)).toMatchObject({ JobRunState: 'STOPPED' });
    const next = await start('slow');
    await glue.send(new BatchStopJobRunCommand({ JobName: 'slow', JobRunIds: [next] }));
  });
});

it('a security configuration comes with its stack', async () => {
  expect(stack.outputs.Security).toBe('sealed');
  const { SecurityConfiguration } = await glue.send(new GetSecurityConfigurationCommand({ Name: 'sealed' }));
  expect(SecurityConfiguration?.Name).toBe('sealed');
});
