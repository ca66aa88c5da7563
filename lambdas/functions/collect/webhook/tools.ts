import type { CountEntries, CountRefusedSignature } from '../../../adapters/metrics/source-metrics.ts';
import type { ReadSourceSecrets } from '../../../adapters/secrets/source-secrets.ts';
import type { callsOf } from '../../../adapters/sources/map-entry.ts';
import type { verifySignature } from '../../../adapters/sources/verify.ts';

/** What collect needs for requests that a vendor signed. */
export interface WebhookTools {
  readonly secretsOf: ReadSourceSecrets;
  readonly verify: typeof verifySignature;
  readonly callsOf: typeof callsOf;
  readonly countRefused: CountRefusedSignature;
  readonly countEntries: CountEntries;
}
