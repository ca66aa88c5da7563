import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import { CallbackAddresses } from '../../core/privacy/callback.ts';
import type { Filing } from '../../core/privacy/request.ts';
import { pathText } from '../../core/values/field-name.ts';

/** What checking addresses needs. */
export interface CallbackCheckDeps {
  readonly config: { readonly privacy: { readonly openDsrDomain?: string | undefined } };
  /** Why the way out would not call an address; undefined if it would. */
  readonly egressRefusal: (url: URL) => Promise<string | undefined>;
}

/** Whether the addresses of a filing can be called. The problem quotes no address. @throws OperatorRefused */
export async function mustBeCallable(
  { callbacks = [] }: Pick<Filing, 'callbacks'>,
  { config, egressRefusal }: CallbackCheckDeps,
): Promise<void> {
  if (callbacks.length === 0) return;
  const read = CallbackAddresses.safeParse(callbacks);
  if (!read.success) {
    const [{ path, message } = { path: [], message: 'are not valid' }] = read.error.issues;
    throw new OperatorRefused('invalid', `${pathText(['callbacks', ...path])} ${message}`);
  }
  if (config.privacy.openDsrDomain === undefined)
    throw new OperatorRefused(
      'refused',
      'nobody can be called back: set privacy.openDsrDomain in cdp.config.ts to the domain that the platform says it is',
    );
  const refusals = await Promise.all(read.data.map((address) => egressRefusal(new URL(address))));
  const at = refusals.findIndex((refusal) => refusal !== undefined);
  if (at >= 0) throw new OperatorRefused('refused', `callbacks[${at}] cannot be called: ${refusals[at]}`);
}
