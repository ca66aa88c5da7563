import { type Definition, isSecret, settingFields, usesTokens } from './definition.ts';
import { partnerCredentials } from './partner-credentials.ts';

/** Whether anything of a tool is a secret: a setting, tokens, or credentials of its partner. */
export const needsSecret = (tool: string, definition: Definition): boolean =>
  usesTokens(definition) ||
  partnerCredentials(tool).length > 0 ||
  Object.entries(settingFields(definition)).some(([name, field]) => isSecret(name, field));
