import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, it } from 'vitest';
import { AccessTokenRefused, accessTokenStore } from '../../../lambdas/adapters/secrets/access-token-store.ts';
import {
  AccessTokensUnreadable,
  accessTokens,
  parseAccessTokens,
} from '../../../lambdas/adapters/secrets/access-tokens.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const mock = mockClient(SecretsManagerClient);
const client = new SecretsManagerClient({ region: 'us-east-1' });
const now = '2026-05-01T10:00:00.000Z';
const store = accessTokenStore(client, 'tokens', () => now);
let secret: string;
let clock: number;

beforeEach(() => {
  mock.reset();
  secret = '{"tokens":[],"unused":"x7"}';
  clock = 0;
  mock.on(GetSecretValueCommand).callsFake(() => ({ SecretString: secret }));
  mock.on(PutSecretValueCommand).callsFake(({ SecretString }) => {
    secret = SecretString;
    return {};
  });
});

const reads = (): number => mock.commandCalls(GetSecretValueCommand).length;
const check = () => accessTokens(client, 'tokens', () => clock);

describe('a token', () => {
  it('is kept as a hash only, with its name and date', async () => {
    const token = await store.make('shop/production');
    expect(token).toMatch(/^cdp_[\w-]{43}$/);
    expect(secret).not.toContain(token);
    expect(JSON.parse(secret)).toEqual({
      tokens: [{ name: 'shop/production', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), createdAt: now }],
    });
  });

  it('is accepted beside another, so that one can be changed without a break, until it is revoked', async () => {
    const [old, next] = [await store.make('old'), await store.make('next')];
    const isAccessToken = check();
    expect(old).not.toBe(next);
    expect([await isAccessToken(old), await isAccessToken(next)]).toEqual([true, true]);
    await store.revoke('old');
    clock += 60_001;
    expect([await isAccessToken(old), await isAccessToken(next)]).toEqual([false, true]);
    expect((await store.list()).map(({ name }) => name)).toEqual(['next']);
  });

  it.each(['', 'cdp_', 'x7', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'])(
    'is not "%s"',
    async (token) => {
      await store.make('shop');
      expect(await check()(token)).toBe(false);
    },
  );

  it('has a name of its own, and must be there to be revoked', async () => {
    await store.make('shop');
    await expect(store.make('shop')).rejects.toThrow(AccessTokenRefused);
    await expect(store.revoke('other')).rejects.toThrow('there is no token "other"');
  });
});

describe('the secret', () => {
  it('is read once a minute, and for tokens nobody knows no oftener than every five seconds', async () => {
    const token = await store.make('shop');
    mock.resetHistory();
    const isAccessToken = check();
    for (clock = 0; clock <= 60_000; clock += 1_000) expect(await isAccessToken(token)).toBe(true);
    expect(reads()).toBe(1);
    mock.resetHistory();
    for (clock = 61_000; clock <= 121_000; clock += 100) await isAccessToken('guess');
    expect(reads()).toBeLessThanOrEqual(13);
  });

  it('lets a token in within five seconds after it was made', async () => {
    const isAccessToken = check();
    await isAccessToken('guess');
    const token = await store.make('new');
    clock = 5_001;
    expect(await isAccessToken(token)).toBe(true);
  });

  it.each(['', 'text', '{}', '{"tokens":[{"name":"a","sha256":"short","createdAt":""}]}', '{"tokens":"hunter2"}'])(
    'is not %s',
    (text) => {
      expect(() => parseAccessTokens(text)).toThrow(AccessTokensUnreadable);
      expect(() => parseAccessTokens(text)).not.toThrow(/hunter2/);
    },
  );

  it('that cannot be read lets nobody in', async () => {
    mock.on(GetSecretValueCommand).rejects(new Error('no network'));
    await expect(check()('cdp_x')).rejects.toThrow('no network');
  });
});
