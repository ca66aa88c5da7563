import * as z from 'zod';
import { pathText } from '../../../core/values/field-name.ts';
import { secretSettingFlaws } from './checks/setting-flaws.ts';
import { type Definition, settingFields, usesTokens } from './definitions/definition.ts';
import { needsAllCredentials, partnerCredentials } from './definitions/partner-credentials.ts';

/** Tokens of OAuth, and what a refresh needs. */
const Tokens = z.strictObject({
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1).optional(),
  clientId: z.string().min(1).optional(),
  clientSecret: z.string().min(1).optional(),
  refreshTokenUrl: z.url().optional(),
});
export type Tokens = z.infer<typeof Tokens>;

/** The secret of a destination that is a tool of the catalogue. */
const ToolSecret = z.strictObject({
  /** The tool's secret settings, as its page names them. */
  settings: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  /** Credentials of the partner, by the name of the environment variable. */
  environment: z.record(z.string(), z.string().min(1)).default({}),
  oauth: Tokens.optional(),
  /** `host:port` of private receivers that may be called, also over plain HTTP. */
  allowedPrivateHosts: z.array(z.string()).default([]),
});
export type ToolSecret = z.infer<typeof ToolSecret>;

/** The secret of a tool is missing, or does not have the expected form. */
export class ToolNotConfigured extends Error {
  override readonly name = 'ToolNotConfigured';
  constructor(problems: string) {
    super(`the secret of the destination is not complete: ${problems}`);
  }
}

/** Parses the text of a tool's secret. @throws ToolNotConfigured naming the fields, never their values */
export function parseToolSecret(text: string): ToolSecret {
  const parsed = ToolSecret.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new ToolNotConfigured(
    parsed.error.issues.map(({ path, message }) => `${pathText(path) || 'text'}: ${message}`).join('; '),
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ToolNotConfigured('text: not JSON');
  }
}

/** What a secret lacks, or has too much, for a tool: fields with what they must be, without their values. */
export function secretFlaws(tool: string, definition: Definition, secret: ToolSecret): readonly string[] {
  const needed = partnerCredentials(tool);
  const missing = needsAllCredentials(tool) ? needed.filter((name) => !Object.hasOwn(secret.environment, name)) : [];
  return [
    ...secretSettingFlaws(tool, secret.settings, settingFields(definition), ['settings']).map(
      ({ path, message }) => `${pathText(path)}: ${message}`,
    ),
    ...missing.map((name) => `environment.${name}: must be the credential of the partner; got nothing`),
    ...Object.keys(secret.environment)
      .filter((name) => !needed.includes(name))
      .map((name) => `environment.${name}: is not read by ${tool}; known: ${needed.join(', ') || 'none'}`),
    ...(usesTokens(definition) && secret.oauth === undefined
      ? ['oauth: must be the tokens of OAuth; got nothing']
      : []),
  ];
}

/** The tokens under the names that the library reads. */
export const libraryTokens = ({ accessToken, refreshToken, clientId, clientSecret, refreshTokenUrl }: Tokens) => ({
  access_token: accessToken,
  ...(refreshToken !== undefined && { refresh_token: refreshToken }),
  ...(clientId !== undefined && { clientId }),
  ...(clientSecret !== undefined && { clientSecret }),
  ...(refreshTokenUrl !== undefined && { refresh_token_url: refreshTokenUrl }),
});
