import { expect, it } from 'vitest';
import { config } from '../../../cdp.config.ts';
import { env } from '../../../lambdas/core/contract/environment.ts';
import { destinationSettingsOutput } from '../../../lambdas/core/contract/outputs.ts';
import { Destination } from '../../../lambdas/core/destinations/definition.ts';
import { nativeGrants } from '../../../lib/activation/native-grants.ts';
import { CdpStack } from '../../../lib/platform/cdp-stack.ts';
import { at, ofType } from '../rules/template.ts';
import { synthesized } from '../unbundled.ts';

const place = 'eu-west-1:111122223333';
const key = `arn:aws:kms:${place}:key/0a1b2c3d`;
const via = (service: string) => ({ StringLike: { 'kms:ViaService': `${service}.*.amazonaws.com` } });
const keyed = (service: string) => ({
  Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
  Effect: 'Allow',
  Resource: key,
  Condition: via(service),
});

it.each([
  {
    kind: 's3',
    fields: { bucket: 'theirs', prefix: 'cdp/', key },
    may: [{ Action: 's3:PutObject', Effect: 'Allow', Resource: 'arn:aws:s3:::theirs/cdp/*' }, keyed('s3')],
  },
  {
    kind: 'sqs',
    fields: { queue: `arn:aws:sqs:${place}:theirs`, key },
    may: [
      { Action: ['sqs:SendMessage', 'sqs:GetQueueUrl'], Effect: 'Allow', Resource: `arn:aws:sqs:${place}:theirs` },
      keyed('sqs'),
    ],
  },
  {
    kind: 'sns',
    fields: { topic: `arn:aws:sns:${place}:theirs` },
    may: [{ Action: 'sns:Publish', Effect: 'Allow', Resource: `arn:aws:sns:${place}:theirs` }],
  },
  {
    kind: 'eventbridge',
    fields: { bus: `arn:aws:events:${place}:event-bus/theirs` },
    may: [{ Action: 'events:PutEvents', Effect: 'Allow', Resource: `arn:aws:events:${place}:event-bus/theirs` }],
  },
  {
    kind: 'email',
    fields: { identity: `arn:aws:ses:${place}:identity/example.com`, from: 'cdp@example.com', to: ['a@example.com'] },
    may: [
      {
        Action: 'ses:SendEmail',
        Effect: 'Allow',
        Resource: `arn:aws:ses:${place}:identity/example.com`,
        Condition: { StringEquals: { 'ses:FromAddress': 'cdp@example.com' } },
      },
    ],
  },
  { kind: 'slack', fields: {}, may: [] },
  { kind: 'kafka', fields: { brokers: ['kafka.example.com:9093'], topic: 'people' }, may: [] },
  { kind: 'own', fields: { module: 'docs/examples/own-destination.ts' }, may: [] },
  { kind: 'webhook', fields: {}, may: [] },
])('lets the function of $kind do what it needs, there and nowhere else', ({ kind, fields, may }) => {
  const destination = Destination.parse({ id: 'theirs', kind, events: {}, ...fields });
  expect(nativeGrants(destination).map((statement) => statement.toStatementJson())).toEqual(may);
});

it.each([
  { kind: 's3', bucket: 'Theirs' },
  { kind: 's3', bucket: 'theirs', prefix: '/x' },
  { kind: 's3', bucket: 'theirs', prefix: '*/' },
  { kind: 'sqs', queue: 'theirs' },
  { kind: 'sqs', queue: `arn:aws:sqs:${place}:*` },
  { kind: 'sns', topic: `arn:aws:sqs:${place}:theirs` },
  { kind: 'eventbridge', bus: `arn:aws:events:${place}:rule/theirs` },
  { kind: 'email', identity: `arn:aws:ses:${place}:identity/*`, from: 'a@example.com', to: ['b@example.com'] },
  { kind: 'kafka', brokers: ['kafka'], topic: 'people' },
  { kind: 'own', module: '../elsewhere.ts' },
  { kind: 'slack', url: 'https://hooks.slack.com/x' },
])('is refused with $kind and what is no place of it: %o', (fields) =>
  expect(Destination.safeParse({ id: 'theirs', events: {}, ...fields }).success).toBe(false),
);

it('has a secret, and may read it, only if it needs one', () => {
  const destinations = [
    { id: 'hook', kind: 'webhook' },
    { id: 'files', kind: 's3', bucket: 'theirs' },
    { id: 'queue', kind: 'sqs', queue: `arn:aws:sqs:${place}:theirs` },
    { id: 'topic', kind: 'sns', topic: `arn:aws:sns:${place}:theirs` },
    { id: 'bus', kind: 'eventbridge', bus: `arn:aws:events:${place}:event-bus/theirs` },
    {
      id: 'mail',
      kind: 'email',
      identity: `arn:aws:ses:${place}:identity/example.com`,
      from: 'cdp@example.com',
      to: ['a@example.com'],
    },
    { id: 'chat', kind: 'slack' },
    { id: 'stream', kind: 'kafka', brokers: ['kafka.example.com:9093'], topic: 'people' },
    { id: 'loyalty', kind: 'own', module: 'docs/examples/own-destination.ts' },
    { id: 'tool', kind: 'catalogue', tool: 'braze', settings: { endpoint: 'https://rest.iad-01.braze.com' } },
    { id: 'open', kind: 'catalogue', tool: 'heap', settings: { appId: '1' } },
  ].map((each) => Destination.parse({ ...each, segments: ['newsletter'] }));
  const { Some = { Resources: {} } } = synthesized((app) => {
    new CdpStack(app, 'Some', { config: { ...config, destinations } });
  });
  const secrets = ofType(Some, 'SecretsManager::Secret').filter(([id]) => /Settings[0-9A-F]{8}$/.test(id));
  const told = ofType(Some, 'Lambda::Function').flatMap(([, fn]) => {
    const variables = at(fn, 'Properties.Environment.Variables') as Record<string, unknown> | undefined;
    return variables?.[env.destinationSettingsSecret] === undefined ? [] : [variables[env.destinationId]];
  });
  const said = destinations
    .map(({ id }) => id)
    .filter((id) => Some.Outputs?.[destinationSettingsOutput(id)] !== undefined);
  const needing = ['chat', 'hook', 'loyalty', 'stream', 'tool'];
  expect([secrets.length, told.toSorted(), said.toSorted()]).toEqual([needing.length, needing, needing]);
  const readers = ofType(Some, 'IAM::Role').filter(
    ([id, role]) => /DeliverRole/.test(id) && JSON.stringify(role).includes('secretsmanager:'),
  );
  expect(readers).toHaveLength(needing.length);
});
