import type { Event } from '../events/event.ts';
import type { Source } from '../sources/definition.ts';
import { accountOf, identifiersOf, isOfAccountAlone } from './identifier.ts';
import type { IdentityRules } from './rules.ts';

/** Kinds of sources that are SDKs. Their events need `userId` or `anonymousId`, as Segment's do. */
const sdks: ReadonlySet<Source['kind']> = new Set(['browser', 'server']);

/**
 * Whether an event of a source names somebody, by the identity rules. Undefined for SDKs, for which the form of a call
 * decides: a row of a CRM has an e-mail address and an id there, and no anonymous id is made up for it. A `group` call
 * may name its account alone.
 */
export function namingRule(
  { kind, defaultCountry }: Pick<Source, 'kind' | 'defaultCountry'>,
  identity: IdentityRules,
): ((event: Event) => boolean) | undefined {
  if (sdks.has(kind)) return undefined;
  return (event) => {
    const stated = identifiersOf(event, identity, defaultCountry);
    return stated.usable.length > 0 || (isOfAccountAlone(event, stated) && accountOf(event, identity) !== undefined);
  };
}
