import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readSecret } from './secret.ts';

/** The secret, how it is parsed, and a clock in milliseconds since 1970. */
interface FreshSecret<Value> {
  readonly client: SecretsManagerClient;
  readonly secretId: string;
  readonly parse: (text: string) => Value;
  readonly now: () => number;
}

/** Milliseconds until a secret is read again by default. */
const aMinute = 60_000;

/**
 * Makes a reader of a secret that reads it again once it is older than its caller accepts. Callers at the same time
 * share one read. A read that fails is not kept, and what was read before it stays.
 */
export function freshSecret<Value>({ client, secretId, parse, now }: FreshSecret<Value>) {
  let kept: { readonly value: Value; readonly at: number } | undefined;
  let reading: Promise<Value> | undefined;
  const read = async (): Promise<Value> => {
    const at = now();
    kept = { value: parse(await readSecret(client, secretId)), at };
    return kept.value;
  };
  return async (maxAge: number = aMinute): Promise<Value> => {
    if (kept !== undefined && now() - kept.at <= maxAge) return kept.value;
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}
