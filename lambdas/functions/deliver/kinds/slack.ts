import { slack } from '../../../adapters/destinations/native/slack.ts';
import { kindOf } from './kind.ts';
import { ownSecret } from './own-secret.ts';

/** A channel of Slack. */
export const kind = kindOf('slack', (_configured, { egress, now }) => {
  const { settings, text } = ownSecret(now);
  return { destination: slack(settings, egress), secret: text };
});
