import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { beforeEach, expect, it } from 'vitest';
import { parseSourceSecrets, sourceSecrets } from '../../../lambdas/adapters/secrets/source-secrets.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const mock = mockClient(SecretsManagerClient);
beforeEach(() => mock.reset());

it.each([
  { name: 'one secret', entry: { secrets: ['12345678'] }, known: true },
  { name: 'a new one and an old one', entry: { secrets: ['12345678', '87654321'] }, known: true },
  { name: 'a word for Meta', entry: { secrets: ['12345678'], verifyToken: 'a word of ours' }, known: true },
  { name: 'three secrets', entry: { secrets: ['12345678', '12345679', '12345670'] }, known: false },
  { name: 'no secret', entry: { secrets: [] }, known: false },
  { name: 'a secret that anybody guesses', entry: { secrets: ['1234'] }, known: false },
  { name: 'a text', entry: '12345678', known: false },
])('a source with $name is known: $known, and its neighbour is known in any case', ({ entry, known }) => {
  const read = parseSourceSecrets(JSON.stringify({ one: entry, other: { secrets: ['a good secret'] }, unused: 'x' }));
  expect([read.has('one'), read.has('other'), read.has('unused')]).toEqual([known, true, false]);
});

it('is read once a minute for all sources, and only when somebody asks', async () => {
  let clock = 0;
  mock.on(GetSecretValueCommand).resolves({ SecretString: '{"one":{"secrets":["12345678"]}}' });
  const secretsOf = sourceSecrets(
    new SecretsManagerClient({ region: 'us-east-1' }),
    () => 'secret',
    () => clock,
  );
  expect(mock.commandCalls(GetSecretValueCommand)).toHaveLength(0);
  expect([await secretsOf('one'), await secretsOf('nobody')]).toEqual([{ secrets: ['12345678'] }, undefined]);
  expect(mock.commandCalls(GetSecretValueCommand)).toHaveLength(1);
  clock = 60_001;
  await secretsOf('nobody');
  expect(mock.commandCalls(GetSecretValueCommand)).toHaveLength(2);
});
