import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { output } from '../../lambdas/core/contract/outputs.ts';
import { type Account, serveAws } from '../fixtures/aws-answers.ts';

const destinations = ['Crm', 'Shop'];
const nested = (destination: string) => `CustomerDataDestination${destination}NestedStackX`;
const queue = 'AWS::SQS::Queue';
const account: Account = {
  outputs: Object.values(output),
  resources: {
    Cdp: [
      ['CustomerDataSegmentsBusDeadLetters1A2B3C4D', 'bus', queue],
      ['CustomerDataImportsNestedStackY', 'imports', 'AWS::CloudFormation::Stack'],
      ...destinations.map((destination) => [nested(destination), destination, 'AWS::CloudFormation::Stack'] as const),
    ],
    imports: [
      ['Queue4A7E3555', 'imports-work', queue],
      ['DeadLetters9B2C1D0E', 'imports-dead', queue],
    ],
    ...Object.fromEntries(
      destinations.map((destination) => [
        destination,
        [
          ['Queue4A7E3555', `${destination}-work`, queue],
          ['DeadLetters9B2C1D0E', `${destination}-dead`, queue],
        ] as const,
      ]),
    ),
  },
  queues: {
    bus: { QueueArn: 'bus' },
    ...Object.fromEntries(
      ['imports', ...destinations].flatMap((destination) => [
        [
          `${destination}-work`,
          { QueueArn: 'work', RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${destination}-dead` }) },
        ],
        [`${destination}-dead`, { QueueArn: `${destination}-dead`, ApproximateNumberOfMessages: '0' }],
      ]),
    ),
  },
};

async function redrive(args: readonly string[], queues: Account['queues'] = {}) {
  const server = await serveAws({ ...account, queues: { ...account.queues, ...queues } });
  const folder = `.local/test/redrive-${new URL(server.url).port}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/outputs.json`, JSON.stringify({ emulatorUrl: server.url }));
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const env = { PATH, NODE_COMPILE_CACHE, CDP_LOCAL_DIRECTORY: folder };
  const command = ['bin/redrive.ts', '--local', ...args];
  const ended = (await promisify(execFile)(process.execPath, command, { env }).catch((error) => error)) as {
    code?: number;
    stdout: string;
    stderr: string;
  };
  server.close();
  return { status: ended.code ?? 0, stdout: ended.stdout, stderr: ended.stderr };
}

const denied = { 'Crm-work': 'denied' } as const;

it('ends with 0 where everything can be read', async () => {
  expect(await redrive([])).toEqual({ status: 0, stdout: 'Nothing waits to be sent again.\n', stderr: '' });
  expect(await redrive(['--all'])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('destination Crm: sent 0'),
  });
});

it('lists what waits elsewhere and says which queue cannot be read, and ends with 1', async () => {
  const { status, stdout } = await redrive(['--json'], {
    ...denied,
    'Shop-dead': { QueueArn: 'Shop-dead', ApproximateNumberOfMessages: '7' },
  });
  expect(status).toBe(1);
  expect(JSON.parse(stdout).map(({ what, count }: { what: string; count: number }) => [what, count])).toEqual([
    ['stitch', 0],
    ['publish', 0],
    ['bus', 0],
    ['imports', 0],
    ['destination Shop', 7],
    ['destination Crm', 0],
  ]);
  expect(stdout).toMatch(/cannot be read: AccessDenied\w*: you may not/);
});

it('sends what can be sent, says what could not be read, and ends with 1', async () => {
  const { status, stdout } = await redrive(['--all'], denied);
  expect(status).toBe(1);
  expect(stdout.trim().split('\n')).toEqual([
    'stitch: sent 0',
    'publish: sent 0',
    'bus: sent 0',
    'imports: sent 0',
    'destination Shop: sent 0',
    'destination Crm: sent 0',
    expect.stringMatching(/^destination Crm: the rest stays: AccessDenied\w*: you may not$/),
  ]);
});

it('sends another destination’s with 0, for whoever named it asked for no more', async () =>
  expect(await redrive(['shop'], denied)).toMatchObject({ status: 0, stdout: 'destination Shop: sent 0\n' }));

it('lists the dead letters of imports, and sends them by that name', async () => {
  const waiting = { 'imports-dead': { QueueArn: 'imports-dead', ApproximateNumberOfMessages: '3' } };
  const { status, stdout } = await redrive([], waiting);
  expect([status, stdout]).toEqual([0, expect.stringMatching(/imports +3/)]);
  expect(await redrive(['imports'])).toMatchObject({ status: 0, stdout: 'imports: sent 0\n' });
});
