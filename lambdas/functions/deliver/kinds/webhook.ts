import { webhook } from '../../../adapters/destinations/webhook.ts';
import { kindOf } from './kind.ts';
import { ownSecret } from './own-secret.ts';

/** An address that takes webhooks. */
export const kind = kindOf('webhook', (_configured, { egress, now }) => {
  const { settings, text } = ownSecret(now);
  return { destination: webhook(settings, egress, now), secret: text };
});
