import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { DestinationNotConfigured } from '../../core/destinations/not-configured.ts';
import { freshSecret } from './fresh-secret.ts';

/** The settings of a destination, which an operator stores in a secret. */
export const DestinationSettings = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  /** Signs each request over its id, time and body. */
  sharedSecret: z.string().min(1).optional(),
  /** `host:port` of private receivers that may be called, also over plain HTTP. */
  allowedPrivateHosts: z.array(z.string()).default([]),
});
export type DestinationSettings = z.infer<typeof DestinationSettings>;

/** Parses the text of a settings secret. @throws DestinationNotConfigured naming the fields, never their values. */
export function parseDestinationSettings(text: string): DestinationSettings {
  const parsed = z
    .string()
    .transform((json, check) => {
      try {
        return JSON.parse(json) as unknown;
      } catch {
        check.addIssue({ code: 'custom', message: 'not JSON' });
        return z.NEVER;
      }
    })
    .pipe(DestinationSettings)
    .safeParse(text);
  if (parsed.success) return parsed.data;
  throw new DestinationNotConfigured(parsed.error.issues);
}

/** Makes a reader of a destination's settings. Changes take effect within a minute. */
export const destinationSettings = (
  client: SecretsManagerClient,
  secretId: string,
  now: () => number,
): (() => Promise<DestinationSettings>) => {
  const settings = freshSecret({ client, secretId, parse: parseDestinationSettings, now });
  return () => settings();
};
