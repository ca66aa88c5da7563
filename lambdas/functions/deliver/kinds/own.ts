import { bundledOwn } from '../../../adapters/destinations/own/bundled.ts';
import { ownDestination } from '../../../adapters/destinations/own/own-destination.ts';
import { kindOf } from './kind.ts';
import { ownSecret } from './own-secret.ts';

/** A team's own destination. */
export const kind = kindOf('own', (_configured, { egress, now }) => {
  const { tool, text } = ownSecret(now);
  return { destination: ownDestination(bundledOwn, tool, egress), secret: text };
});
