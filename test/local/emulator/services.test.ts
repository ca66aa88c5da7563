import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { clientSettings } from '../../../local/platform/aws.ts';
import { deployShared, type EmulatedStack } from '../stack/emulated-stack.ts';
import { eventually } from '../stack/eventually.ts';
import { Oracle } from '../stack/oracle.ts';
import { getAtt, oracleFunction, referenceOutputs, role } from '../stack/template-parts.ts';

vi.setConfig({ testTimeout: 40_000 });

const oracle = new Oracle();
let stack: EmulatedStack;

const queuePolicy = (queueId: string) => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: [{ Ref: queueId }],
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: getAtt(queueId, 'Arn'),
        },
      ],
    },
  },
});

const rule = (source: string, queueId: string) => ({
  Type: 'AWS::Events::Rule',
  DependsOn: 'UndeliveredPolicy',
  Properties: {
    EventPattern: { source: [source] },
    Targets: [{ Id: 'queue', Arn: getAtt(queueId, 'Arn'), DeadLetterConfig: { Arn: getAtt('Undelivered', 'Arn') } }],
  },
});

const queue = { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 1 } };

const template = (oracleUrl: string) => ({
  Resources: {
    Role: role('lambda', ['sqs:*']),
    Slow: oracleFunction(oracleUrl, 'slow', 'Role', 1),
    Consumer: oracleFunction(oracleUrl, 'consumer', 'Role'),
    Secret: {
      Type: 'AWS::SecretsManager::Secret',
      Properties: {
        GenerateSecretString: {
          PasswordLength: 60,
          ExcludePunctuation: true,
          SecretStringTemplate: '{"user":"u"}',
          GenerateStringKey: 'key',
        },
      },
    },
    Open: queue,
    OpenPolicy: queuePolicy('Open'),
    Closed: queue,
    Undelivered: queue,
    UndeliveredPolicy: queuePolicy('Undelivered'),
    ToOpen: rule('open', 'Open'),
    ToClosed: rule('closed', 'Closed'),
    Dead: queue,
    Work: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 1,
        RedrivePolicy: { deadLetterTargetArn: getAtt('Dead', 'Arn'), maxReceiveCount: 2 },
      },
    },
    Consuming: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'Consumer' },
        EventSourceArn: getAtt('Work', 'Arn'),
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
    },
  },
  Outputs: referenceOutputs('Secret', 'Slow', 'Open', 'Closed', 'Undelivered', 'Work', 'Dead'),
});

beforeAll(async () => {
  stack = await deployShared(template(await oracle.start()));
}, 120_000);

afterAll(async () => {
  oracle.stop();
  await stack?.stop();
});

const receive = (queueId: string) =>
  eventually(`a message in ${queueId}`, async () => {
    const answer = await new SQSClient(clientSettings(stack.url)).send(
      new ReceiveMessageCommand({ QueueUrl: stack.outputs[queueId] }),
    );
    return answer.Messages?.[0]?.Body;
  });

it('ends a function at its timeout', async () => {
  oracle.answers('slow', () => new Promise((resolve) => setTimeout(resolve, 3_000)));
  const answer = await new LambdaClient(clientSettings(stack.url)).send(
    new InvokeCommand({ FunctionName: stack.outputs.Slow, Payload: '{}' }),
  );
  expect(answer.FunctionError).toBeDefined();
  expect(answer.Payload?.transformToString()).toContain('timed out after 1');
});

it('refers to a secret by its ARN, and generates what the template asks for', async () => {
  expect(stack.outputs.Secret).toMatch(/^arn:aws:secretsmanager:/);
  const secrets = new SecretsManagerClient(clientSettings(stack.url));
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: stack.outputs.Secret }));
  expect(JSON.parse(SecretString)).toEqual({ user: 'u', key: expect.stringMatching(/^[A-Za-z0-9]{60}$/) });
});

it('delivers events to a queue that lets it, and to the dead-letter queue otherwise', async () => {
  const events = new EventBridgeClient(clientSettings(stack.url));
  const entry = (source: string) => ({ Source: source, DetailType: 'Test', Detail: JSON.stringify({ to: source }) });
  await events.send(new PutEventsCommand({ Entries: [entry('open'), entry('closed')] }));
  expect(JSON.parse(await receive('Open'))).toMatchObject({ detail: { to: 'open' } });
  expect(JSON.parse(await receive('Undelivered'))).toMatchObject({ detail: { to: 'closed' } });
});

it('moves a message that keeps failing to the dead-letter queue', async () => {
  let attempts = 0;
  oracle.answers('consumer', ({ Records }: { Records: { messageId: string }[] }) => {
    attempts += 1;
    return { batchItemFailures: Records.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });
  await new SQSClient(clientSettings(stack.url)).send(
    new SendMessageCommand({ QueueUrl: stack.outputs.Work, MessageBody: 'hopeless' }),
  );
  expect(await receive('Dead')).toBe('hopeless');
  expect(attempts).toBe(2);
});
