import { type KeyedBarrierDeps, stopsKeyed } from '../../core/privacy/event-barriers.ts';
import { shortHashIn } from '../dynamodb/identifier-key.ts';
import type { FreshBarriersDeps } from './fresh-barriers.ts';
import { countedAs, listOfFunction } from './list-of-function.ts';

/** How a function asks by keys that others made: its service in metrics, and where it warns. It reads no secret. */
export function askedByKeys(service: string, warn: FreshBarriersDeps['warn']): KeyedBarrierDeps {
  const list = listOfFunction(warn);
  return { barriers: async () => stopsKeyed(await list(), shortHashIn), countSuppressed: countedAs(service) };
}
