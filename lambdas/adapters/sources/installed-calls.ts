import { createRequire } from 'node:module';
import type { transform } from '@segment/actions-core/mapping-kit';
import { type CallsOf, callsBy } from './calls-by.ts';

/** Makes calls without a bundle: Node cannot import the mapping kit, because its modules lack extensions. */
export function installedCalls(): CallsOf {
  const load = createRequire(import.meta.url);
  return callsBy((load('@segment/actions-core/mapping-kit') as { readonly transform: typeof transform }).transform);
}
