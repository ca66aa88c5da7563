import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { refreshedTokens } from '../../../lambdas/adapters/secrets/refreshed-tokens.ts';
import { numRuns } from '../../fixtures/laws.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const mock = mockClient(SecretsManagerClient);
const client = new SecretsManagerClient({ region: 'us-east-1' });
const stored = { settings: { key: 'k' }, oauth: { accessToken: 'old', refreshToken: 'r', clientId: 'c' } };

/** The versions of a secret, as Secrets Manager keeps and moves them. */
let versions: Map<string, string>;
let current: string;

beforeEach(() => {
  mock.reset();
  versions = new Map([['v1', JSON.stringify(stored)]]);
  current = 'v1';
  mock.on(GetSecretValueCommand).callsFake(() => ({ SecretString: versions.get(current), VersionId: current }));
  mock.on(PutSecretValueCommand).callsFake(({ ClientRequestToken, SecretString, VersionStages }) => {
    expect(VersionStages).toEqual(['REFRESHED']);
    versions.set(ClientRequestToken, SecretString);
    return { VersionId: ClientRequestToken };
  });
  mock.on(UpdateSecretVersionStageCommand).callsFake(({ MoveToVersionId, RemoveFromVersionId, VersionStage }) => {
    expect(VersionStage).toBe('AWSCURRENT');
    if (RemoveFromVersionId !== current) throw Object.assign(new Error('moved'), { name: 'InvalidParameterException' });
    current = MoveToVersionId;
    return {};
  });
});

const now = () => JSON.parse(versions.get(current) ?? '') as typeof stored;

describe('refreshed tokens', () => {
  it('replace the old ones, and nothing else of the secret', async () => {
    await refreshedTokens(client, 'secret')({ accessToken: 'old' }, { accessToken: 'new', refreshToken: 'r2' });
    expect(now()).toEqual({ ...stored, oauth: { ...stored.oauth, accessToken: 'new', refreshToken: 'r2' } });
  });

  it('leave the refresh token that a tool did not replace', async () => {
    await refreshedTokens(client, 'secret')({ accessToken: 'old' }, { accessToken: 'new' });
    expect(now().oauth).toEqual({ ...stored.oauth, accessToken: 'new' });
  });

  it('are not stored if somebody has stored others', async () => {
    await refreshedTokens(client, 'secret')({ accessToken: 'older' }, { accessToken: 'new' });
    expect([now(), mock.commandCalls(PutSecretValueCommand)]).toEqual([stored, []]);
  });

  it('are those of the first of all who refresh at once', () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        versions = new Map([['v1', JSON.stringify(stored)]]);
        current = 'v1';
        const racing = { send: scheduler.scheduleFunction(async (command: never) => client.send(command)) };
        const moves: string[] = [];
        const race = Promise.all(
          ['a', 'b', 'c'].map((accessToken) =>
            refreshedTokens(racing as never, 'secret')({ accessToken: 'old' }, { accessToken }).then(() =>
              moves.push(now().oauth.accessToken),
            ),
          ),
        );
        await scheduler.waitFor(race);
        expect(new Set(moves)).toEqual(new Set([now().oauth.accessToken]));
        expect(['a', 'b', 'c']).toContain(now().oauth.accessToken);
      }),
      { numRuns: numRuns(200) },
    ));

  it('tell what went wrong otherwise', async () => {
    mock.on(UpdateSecretVersionStageCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    await expect(refreshedTokens(client, 'secret')({ accessToken: 'old' }, { accessToken: 'new' })).rejects.toThrow(
      'no',
    );
  });
});
