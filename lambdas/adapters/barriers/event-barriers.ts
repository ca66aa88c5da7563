import type { BarrierList } from '../../core/privacy/barrier-list.ts';
import {
  type BarrierRules,
  type EventBarriers,
  type StopsEvent,
  stopsNothing,
  stopsOf,
} from '../../core/privacy/event-barriers.ts';
import { shortHash } from '../dynamodb/identifier-key.ts';

/** Where the list and the secret of identifiers are read. */
interface EventBarriersDeps {
  readonly list: () => Promise<BarrierList>;
  readonly secret: () => Promise<string>;
}

/** Judges events by the list of barriers. As long as nobody has a barrier, the secret is not read. */
export function eventBarriers(rules: BarrierRules, { list, secret }: EventBarriersDeps): EventBarriers {
  let made: { readonly list: BarrierList; readonly stops: StopsEvent } | undefined;
  let hashOf: Promise<ReturnType<typeof shortHash>> | undefined;
  return async () => {
    const now = await list();
    if (now.size === 0) return stopsNothing;
    if (made?.list === now) return made.stops;
    hashOf ??= secret().then(shortHash);
    hashOf.catch(() => {
      hashOf = undefined;
    });
    made = { list: now, stops: stopsOf(now, rules, await hashOf) };
    return made.stops;
  };
}
