import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseToolSecret, type ToolSecret } from '../../../adapters/destinations/catalogue/tool-secret.ts';
import { required } from '../../../adapters/runtime/environment.ts';
import { type DestinationSettings, destinationSettings } from '../../../adapters/secrets/destination-settings.ts';
import { freshSecret } from '../../../adapters/secrets/fresh-secret.ts';
import { readSecret } from '../../../adapters/secrets/secret.ts';
import { env } from '../../../core/contract/environment.ts';

/** The secret of the function's destination. */
export interface OwnSecret {
  readonly client: SecretsManagerClient;
  readonly secretId: string;
  /** Its text. */
  readonly text: () => Promise<string>;
  /** The settings of a destination with a URL. */
  readonly settings: () => Promise<DestinationSettings>;
  /** The settings of a tool, which may be as old as given: by default a minute. */
  readonly tool: (maxAge?: number) => Promise<ToolSecret>;
}

/** Makes readers of the secret of the function's destination. Changes take effect within a minute. */
export function ownSecret(now: () => number): OwnSecret {
  const client = new SecretsManagerClient({});
  const secretId = required(env.destinationSettingsSecret);
  return {
    client,
    secretId,
    text: () => readSecret(client, secretId),
    settings: destinationSettings(client, secretId, now),
    tool: freshSecret({ client, secretId, parse: parseToolSecret, now }),
  };
}
