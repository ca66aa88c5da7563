import { utf8Bytes } from '../events/stream-record.ts';
import { type Consent, categoryOf } from '../profile/consent.ts';
import { ascending } from '../values/order.ts';
import { surelyFit } from '../values/sure-fit.ts';

interface BoundConsent {
  readonly consent: Consent;
  /**
   * The alphabetically first category without room. This category and all later ones are dropped and count as refused.
   */
  readonly horizon: string | undefined;
}

/** Bytes of consent that a person keeps: about eighty statements of usual length. */
const consentRoom = 16 * 1024;
/** Bytes of a statement in addition to its key. */
const besides = 160;

/**
 * Keeps statements in alphabetical order of their categories within the room. Dropped categories count as refused, so
 * forgetting never grants anything. Clients cannot change this order and keys are never removed, so cutting before or
 * after a join gives the same result.
 */
export function boundConsent(consent: Consent, known?: string, room = consentRoom): BoundConsent {
  if (known === undefined && surelyFit(consent.keys(), besides, room)) return { consent, horizon: undefined };
  const inOrder = [...consent.keys()]
    .map((key) => ({ key, category: categoryOf(key) }))
    .sort((a, b) => ascending(a.category, b.category) || ascending(a.key, b.key));
  let sum = 0;
  const past = inOrder.find(({ key, category }) => {
    sum += besides + utf8Bytes(key);
    return sum > room || (known !== undefined && category >= known);
  });
  const horizon = past === undefined || (known !== undefined && past.category >= known) ? known : past.category;
  if (horizon === undefined) return { consent, horizon };
  return { consent: new Map([...consent].filter(([key]) => categoryOf(key) < horizon)), horizon };
}
