import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { freshSecret } from './fresh-secret.ts';

/** The secrets of one source that signs: the new one first, and until the vendor uses it, the one before it. */
export const SourceSecrets = z.object({
  secrets: z.array(z.string().min(8).max(5000)).min(1).max(2),
  /** Word by which Meta asks whether an address is yours. */
  verifyToken: z.string().min(8).max(200).optional(),
});
export type SourceSecrets = z.infer<typeof SourceSecrets>;

/** Reads the secrets of a source; undefined if it has none that can be used. */
export type ReadSourceSecrets = (sourceId: string) => Promise<SourceSecrets | undefined>;

/** Parses the text of the secret: one object for each source. What is wrong with one source costs no other. */
export function parseSourceSecrets(text: string): ReadonlyMap<string, SourceSecrets> {
  const entries = Object.entries(z.record(z.string(), z.unknown()).parse(JSON.parse(text)));
  return new Map(
    entries.flatMap(([id, value]): [string, SourceSecrets][] => {
      const parsed = SourceSecrets.safeParse(value);
      return parsed.success ? [[id, parsed.data]] : [];
    }),
  );
}

/** Makes a reader of the secrets of sources. Changes take effect within a minute, as those of access tokens do. */
export function sourceSecrets(
  client: SecretsManagerClient,
  secretId: () => string,
  now: () => number,
): ReadSourceSecrets {
  let read: (() => Promise<ReadonlyMap<string, SourceSecrets>>) | undefined;
  return async (sourceId) => {
    read ??= freshSecret({ client, secretId: secretId(), parse: parseSourceSecrets, now });
    return (await read()).get(sourceId);
  };
}
