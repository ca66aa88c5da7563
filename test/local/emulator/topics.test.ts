import { LambdaClient, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SelfManagedKafkaEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { clientSettings } from '../../../local/platform/aws.ts';
import { makeAuthority } from '../../fixtures/catalogue/authority.ts';
import { type Broker, startBroker } from '../../fixtures/kafka/broker.ts';
import { deployShared, type EmulatedStack } from '../stack/emulated-stack.ts';
import { eventually } from '../stack/eventually.ts';
import { Oracle } from '../stack/oracle.ts';
import { oracleFunction, referenceOutputs, role } from '../stack/template-parts.ts';

vi.setConfig({ testTimeout: 60_000 });

const oracle = new Oracle();
const authority = makeAuthority();
let broker: Broker;
let stack: EmulatedStack;

const secret = (content: object) => ({
  Type: 'AWS::SecretsManager::Secret',
  Properties: { SecretString: JSON.stringify(content) },
});

const mapping = (functionId: string, topic: string, user: string, more: object = {}) => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    FunctionName: { Ref: functionId },
    SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: [broker.secure] } },
    SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: `group-${topic}-${functionId}` },
    SourceAccessConfigurations: [
      { Type: 'SASL_SCRAM_512_AUTH', URI: { Ref: user } },
      { Type: 'SERVER_ROOT_CA_CERTIFICATE', URI: { Ref: 'Authority' } },
    ],
    StartingPosition: 'TRIM_HORIZON',
    Topics: [topic],
    ...more,
  },
});

const template = (oracleUrl: string) => ({
  Resources: {
    Role: role('lambda', ['secretsmanager:GetSecretValue']),
    Blind: role('lambda', []),
    User: secret({ ...broker.user, password: 'another' }),
    Authority: secret({ certificate: authority.ca }),
    Taker: oracleFunction(oracleUrl, 'taker', 'Role'),
    Unseen: oracleFunction(oracleUrl, 'unseen', 'Blind'),
    Mapping: mapping('Taker', 'orders', 'User'),
    UnseenMapping: mapping('Unseen', 'orders', 'User'),
  },
  Outputs: referenceOutputs('Mapping', 'User'),
});

beforeAll(async () => {
  broker = await startBroker(authority);
  await broker.makeTopic('orders', 2);
  stack = await deployShared(template(await oracle.start()));
  // Whoever deploys fills secrets afterwards; what reads has failed by then.
  const secrets = new SecretsManagerClient(clientSettings(stack.url));
  const SecretString = JSON.stringify(broker.user);
  await secrets.send(new PutSecretValueCommand({ SecretId: stack.outputs.User, SecretString }));
}, 300_000);

afterAll(async () => {
  oracle.stop();
  await stack?.stop();
  await broker?.close();
});

const put = (partition: number, ...values: readonly (string | null)[]) => broker.write('orders', values, partition);

/** The texts of each invocation, by topic and partition. */
const textsOf = ({ records }: SelfManagedKafkaEvent) =>
  Object.fromEntries(
    Object.entries(records).map(([place, some]) => [
      place,
      some.map(({ value }) => (value === undefined ? null : Buffer.from(value, 'base64').toString())),
    ]),
  );

it('gives records to a function in the form of Lambda, and none to one that may not sign in', async () => {
  const events: SelfManagedKafkaEvent[] = [];
  const unseen: unknown[] = [];
  oracle.answers('taker', (event: SelfManagedKafkaEvent) => void events.push(event));
  oracle.answers('unseen', (event: SelfManagedKafkaEvent) => void unseen.push(event));
  await put(1, 'ä', null);
  const event = await eventually('the records', async () => events[0]);
  expect(event).toEqual({
    eventSource: 'SelfManagedKafka',
    bootstrapServers: broker.secure,
    records: {
      'orders-1': [
        {
          ...{ topic: 'orders', partition: 1, offset: 0, timestamp: expect.any(Number), timestampType: 'CREATE_TIME' },
          ...{ value: Buffer.from('ä').toString('base64'), headers: [] },
        },
        {
          ...{ topic: 'orders', partition: 1, offset: 1, timestamp: expect.any(Number), timestampType: 'CREATE_TIME' },
          headers: [],
        },
      ],
    },
  });
  expect(unseen).toEqual([]);
});

it('gives records again until the function takes them, in their order, also while the broker is away', async () => {
  const texts: (string | null)[] = [];
  let failures = 2;
  oracle.answers('taker', (event: SelfManagedKafkaEvent) => {
    texts.push(...(textsOf(event)['orders-0'] ?? []));
    if (failures-- > 0) throw new Error('not now');
  });
  await put(0, 'first');
  await eventually('the second try', async () => texts[1]);
  await broker.kill();
  await eventually('the third try', async () => texts[2]);
  await broker.start();
  await put(0, 'second');
  await eventually('the next record', async () => (texts.includes('second') ? true : undefined));
  // The offset of the first was not committed, because the broker was away: so the record may come again.
  expect([texts.slice(0, 3), [...new Set(texts)]]).toEqual([Array(3).fill('first'), ['first', 'second']]);
});

it('goes on after the committed offset when a mapping is switched off and on', async () => {
  const batches: unknown[] = [];
  oracle.answers('taker', (event: SelfManagedKafkaEvent) => void batches.push(textsOf(event)));
  const lambda = new LambdaClient(clientSettings(stack.url));
  const enable = (Enabled: boolean) =>
    lambda.send(new UpdateEventSourceMappingCommand({ UUID: stack.outputs.Mapping, Enabled }));
  await enable(false);
  await put(0, 'third');
  await enable(true);
  await eventually('the record', async () => batches[0]);
  expect(batches).toEqual([{ 'orders-0': ['third'] }]);
});
