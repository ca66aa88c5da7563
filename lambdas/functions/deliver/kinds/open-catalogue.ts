import { kindOf, withoutSecret } from './kind.ts';
import { toolWith } from './tool.ts';

const nothing = { settings: {}, environment: {}, allowedPrivateHosts: [] };

/** A tool of the catalogue that needs no secret. */
export const kind = kindOf('catalogue', (configured, around) =>
  withoutSecret(toolWith(configured, around, { secret: async () => nothing, keepTokens: async () => {} })),
);
