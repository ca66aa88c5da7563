import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CreateJobCommand, GetJobRunCommand, GlueClient, type JobRun, StartJobRunCommand } from '@aws-sdk/client-glue';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientSettings } from '../../../local/platform/aws.ts';
import { deployAlone, type EmulatedStack } from '../stack/emulated-stack.ts';
import { eventually } from '../stack/eventually.ts';
import { getAtt, referenceOutputs, role, tlsOnlyBucket } from '../stack/template-parts.ts';

const objects = ['s3:GetObject', 's3:ListBucket', 's3:PutObject', 's3:DeleteObject'];
const template = {
  Resources: {
    ...tlsOnlyBucket('Lake'),
    Role: role('glue', [...objects, 'secretsmanager:GetSecretValue', 'glue:GetConnection']),
    Login: {
      Type: 'AWS::SecretsManager::Secret',
      Properties: { SecretString: JSON.stringify({ username: 'owner', password: 'a-password' }) },
    },
    Network: {
      Type: 'AWS::Glue::Connection',
      Properties: {
        CatalogId: '000000000000',
        ConnectionInput: {
          Name: 'network',
          ConnectionType: 'NETWORK',
          ConnectionProperties: {},
          PhysicalConnectionRequirements: { SubnetId: 'subnet-1', SecurityGroupIdList: ['sg-1'] },
        },
      },
    },
  },
  Outputs: { ...referenceOutputs('Lake', 'Login', 'Network'), Role: { Value: getAtt('Role', 'Arn') } },
};

let stack: EmulatedStack;
let engine: ChildProcess;
let source: string;
const folder = mkdtempSync(join(tmpdir(), 'database-pull-'));
beforeAll(async () => {
  engine = spawn('.venv/bin/python', ['test/fixtures/databases/engines.py', 'postgresql'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // The server runs as somebody else, who may not enter the tests' own folder.
    env: { ...process.env, TMPDIR: '/tmp' },
  });
  const [[port], deployed] = await Promise.all([once(engine.stdout ?? engine, 'data'), deployAlone(template)]);
  stack = deployed;
  source = JSON.stringify({
    id: 'shop',
    engine: 'postgresql',
    host: '127.0.0.1',
    port: Number(port),
    database: 'postgres',
    tls: 'off',
    timeZone: 'UTC',
    statementTimeoutMinutes: 1,
    fetchSize: 100,
    objects: [{ object: 'orders', rows: 'events', key: ['id'] }],
    reads: {
      orders: { query: 'select 7 as id, 19.90 as total', overlapMinutes: 10, fullEveryHours: 168 },
    },
  });
}, 120_000);
afterAll(async () => {
  engine.stdin?.end();
  await Promise.all([once(engine, 'exit'), stack?.stop()]);
  rmSync(folder, { recursive: true });
});

it('reads a real database by a job that runs as its role, with a connection and the drivers of Glue', async () => {
  const settings = clientSettings(stack.url);
  const [glue, s3] = [new GlueClient(settings), new S3Client({ ...settings, forcePathStyle: true })];
  const Bucket = stack.outputs.Lake;
  const zip = join(folder, 'packages.zip');
  execFileSync('python3', ['-m', 'zipfile', '-c', zip, 'glue-scripts/cdp']);
  const files = { 'packages.zip': readFileSync(zip), 'job.py': readFileSync('glue-scripts/jobs/pull_database.py') };
  for (const [Key, Body] of Object.entries({ ...files, 'source.json': source }))
    await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  await glue.send(
    new CreateJobCommand({
      Name: 'pull',
      Role: stack.outputs.Role,
      GlueVersion: '5.1',
      Command: { Name: 'glueetl', PythonVersion: '3', ScriptLocation: `s3://${Bucket}/job.py` },
      Connections: { Connections: [stack.outputs.Network ?? ''] },
      DefaultArguments: {
        '--extra-py-files': `s3://${Bucket}/packages.zip`,
        '--extra-files': `s3://${Bucket}/source.json`,
        '--database': 'lake',
        '--lake': `s3://${Bucket}`,
        '--config': 'source.json',
        '--secret': stack.outputs.Login ?? '',
      },
    }),
  );
  const { JobRunId: RunId } = await glue.send(new StartJobRunCommand({ JobName: 'pull' }));
  const run: JobRun = await eventually(
    'the end of the job',
    async () => {
      const { JobRun } = await glue.send(new GetJobRunCommand({ JobName: 'pull', RunId }));
      return ['STARTING', 'RUNNING', 'STOPPING'].includes(JobRun?.JobRunState ?? '') ? undefined : JobRun;
    },
    100_000,
  );
  expect([run.JobRunState, run.ErrorMessage]).toEqual(['SUCCEEDED', '']);
  const { Contents: [piece] = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket, Prefix: 'imports/staged/shop/' }),
  );
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: piece?.Key }));
  const line = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString();
  expect(line).toBe('{"row":{"id":7,"total":19.90},"place":{"file": "postgresql postgres, query of orders"}}\n');
}, 150_000);
