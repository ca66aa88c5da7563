import { refreshedTokens } from '../../../adapters/secrets/refreshed-tokens.ts';
import { kindOf } from './kind.ts';
import { ownSecret } from './own-secret.ts';
import { toolWith } from './tool.ts';

/** A tool of the catalogue. */
export const kind = kindOf('catalogue', (configured, around) => {
  const { client, secretId, text, tool } = ownSecret(around.now);
  const keep = refreshedTokens(client, secretId);
  const keepTokens: typeof keep = async (...tokens) => {
    await keep(...tokens);
    await tool(-1);
  };
  return { destination: toolWith(configured, around, { secret: tool, keepTokens }), secret: text };
});
