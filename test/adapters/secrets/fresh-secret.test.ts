import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, it } from 'vitest';
import { freshSecret } from '../../../lambdas/adapters/secrets/fresh-secret.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const mock = mockClient(SecretsManagerClient);
let clock: number;
let secret: string;

beforeEach(() => {
  mock.reset();
  [clock, secret] = [0, '1'];
  mock.on(GetSecretValueCommand).callsFake(() => ({ SecretString: secret }));
});

const reads = (): number => mock.commandCalls(GetSecretValueCommand).length;
const fail = () =>
  mock.on(GetSecretValueCommand).rejects(Object.assign(new Error('no'), { name: 'ThrottlingException' }));
const reader = () =>
  freshSecret({
    client: new SecretsManagerClient({ region: 'us-east-1' }),
    secretId: 'secret',
    parse: JSON.parse as (text: string) => unknown,
    now: () => clock,
  });

describe('a secret', () => {
  it.each([
    { age: 60_000, maxAge: undefined, reads: 1 },
    { age: 60_001, maxAge: undefined, reads: 2 },
    { age: 5_000, maxAge: 5_000, reads: 1 },
    { age: 5_001, maxAge: 5_000, reads: 2 },
    { age: 0, maxAge: 0, reads: 1 },
  ])(
    'that is $age ms old is read $reads times for a caller who accepts $maxAge',
    async ({ age, maxAge, reads: times }) => {
      const fresh = reader();
      await fresh();
      [clock, secret] = [age, '2'];
      expect(await fresh(maxAge)).toBe(times);
      expect(reads()).toBe(times);
    },
  );

  it('is read once for all who ask at the same time, and once again for the next', async () => {
    const fresh = reader();
    expect(await Promise.all(Array.from({ length: 10 }, () => fresh()))).toEqual(Array.from({ length: 10 }, () => 1));
    expect(reads()).toBe(1);
    clock = 60_001;
    await Promise.all([fresh(), fresh(5_000)]);
    expect(reads()).toBe(2);
  });

  it('is as old as the start of its read', async () => {
    const fresh = reader();
    mock.on(GetSecretValueCommand).callsFake(() => {
      clock += 10_000;
      return { SecretString: secret };
    });
    await fresh();
    await fresh(9_999);
    expect(reads()).toBe(2);
  });
});

describe('a read that fails', () => {
  it('fails all who wait for it under its own name, and the next one reads again', async () => {
    const fresh = reader();
    fail();
    const answers = await Promise.allSettled([fresh(), fresh()]);
    expect(answers).toMatchObject([1, 2].map(() => ({ status: 'rejected', reason: { name: 'ThrottlingException' } })));
    expect(reads()).toBe(1);
    mock.on(GetSecretValueCommand).callsFake(() => ({ SecretString: secret }));
    expect(await fresh()).toBe(1);
  });

  it.each([
    { what: 'its call', breaks: fail },
    { what: 'its text', breaks: () => (secret = 'no JSON') },
  ])('by $what leaves what was read before to those who accept it', async ({ breaks }) => {
    const fresh = reader();
    await fresh();
    clock = 6_000;
    breaks();
    const [stale, young] = await Promise.allSettled([fresh(), fresh(5_000)]);
    expect([stale.status, young.status]).toEqual(['fulfilled', 'rejected']);
    expect(await fresh()).toBe(1);
    clock = 60_001;
    await expect(fresh()).rejects.toThrow();
  });
});
