import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, inject, it } from 'vitest';
import { destinationSettingsOutput } from '../../../lambdas/core/contract/outputs.ts';
import { clientSettings } from '../../../local/platform/aws.ts';
import { npmRun } from '../npm-run.ts';

const { emulatorUrl, stack, receiverUrl, sharedSecret } = inject('platform');
const destination = (...args: string[]) => npmRun('destination', ...args);

describe('npm run destination', () => {
  it('stores where a destination is', async () => {
    const url = `${receiverUrl}/webhook`;
    const { host } = new URL(url);
    const { stdout } = await destination('crm', url, '--secret', sharedSecret, '--allow-private', host, '--local');
    expect(stdout).toBe(`crm is at ${url}\n`);
    const client = new SecretsManagerClient(clientSettings(emulatorUrl));
    const { SecretString } = await client.send(
      new GetSecretValueCommand({ SecretId: stack[destinationSettingsOutput('crm')] }),
    );
    expect(JSON.parse(SecretString ?? '')).toEqual({ url, sharedSecret, allowedPrivateHosts: [host] });
  });

  it.each([
    { args: ['nobody', 'https://example.com', '--local'], code: 1, says: 'no destination "nobody"' },
    { args: ['crm', 'not-a-url', '--local'], code: 1, says: 'url:' },
    { args: ['crm'], code: 2, says: 'npm run destination -- <id> <url>' },
  ])('answers $args with $says', async ({ args, code, says }) => {
    const failure = (await destination(...args).catch((error) => error)) as {
      code: number;
      stdout: string;
      stderr: string;
    };
    expect(failure.code).toBe(code);
    expect(failure.stdout + failure.stderr).toContain(says);
  });
});
