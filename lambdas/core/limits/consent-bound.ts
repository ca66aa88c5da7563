import { utf8Bytes } from '../events/stream-record.ts';
import { type Consent, categoryOf } from '../profile/consent.ts';
import { ascending } from '../values/order.ts';
import { surelyFit } from '../values/sure-fit.ts';

interface BoundConsent {
  readonly consent: Consent;
  /** The first category, in the order of the alphabet, for which there was no room; from it on nothing is kept and nothing is granted. */
  readonly horizon: string | undefined;
}

/** Bytes of consent that a person keeps: some eighty statements of usual length. */
const consentRoom = 16 * 1024;
/** Bytes of a statement besides its key. */
const besides = 160;

/**
 * Keeps statements by the order of their categories, as many as there is room for; categories that are left out count as refused, so that what is
 * forgotten never grants anything. The order is no client's to change, and keys only become more: cutting before or after a join gives the same.
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
