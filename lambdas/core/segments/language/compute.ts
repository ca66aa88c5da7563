import type { Computation } from './computation.ts';
import { type Call, type Filter, matching } from './event-match.ts';
import { comparisonSteps, type WindowSteps, windowSteps, withSteps } from './steps.ts';

type Kind = Computation['kind'];
type Comparisons = ReturnType<typeof comparisonSteps<{ readonly compute: Computation }>>;
/** A computation: of a trait, or with a comparison a condition. */
export interface Computed extends Computation, Comparisons, WindowSteps<Computed> {}

const computed = (computation: Computation): Computed =>
  withSteps(computation, {
    ...comparisonSteps({ compute: computation }),
    ...windowSteps((window) => computed({ ...computation, window })),
  });

const ofEvents =
  (kind: Kind) =>
  (event: string | Call, ...where: Filter[]): Computed =>
    computed({ kind, ...matching(event, where) });
const ofProperty =
  (kind: Kind) =>
  (event: string | Call, property: string, ...where: Filter[]): Computed =>
    computed({ kind, ...matching(event, where), property });

/**
 * How often an event happened; 0 for never.
 *
 * @example
 * const visits = count(page()).lastDays(30);
 */
export const count = ofEvents('count');
/**
 * When an event first happened.
 *
 * @example
 * const customerSince = firstTime('Order Completed');
 */
export const firstTime = ofEvents('firstTime');
/**
 * When an event last happened.
 *
 * @example
 * const lastOrder = lastTime('Order Completed');
 */
export const lastTime = ofEvents('lastTime');
/**
 * The sum of a property; 0 without events. What is no number does not count.
 *
 * @example
 * const revenue = sum('Order Completed', 'revenue').within('90d');
 */
export const sum = ofProperty('sum');
/**
 * The average of a property.
 *
 * @example
 * const basket = average('Order Completed', 'revenue').within('365d');
 */
export const average = ofProperty('average');
/**
 * The smallest number that a property had.
 *
 * @example
 * const cheapest = minimum('Order Completed', 'revenue');
 */
export const minimum = ofProperty('minimum');
/**
 * The largest number that a property had.
 *
 * @example
 * const dearest = maximum('Order Completed', 'revenue').atLeast(500);
 */
export const maximum = ofProperty('maximum');
/**
 * What a property was the first time.
 *
 * @example
 * const firstCategory = first('Product Viewed', 'category');
 */
export const first = ofProperty('first');
/**
 * What a property was the last time.
 *
 * @example
 * const lastPlan = last('Plan Changed', 'plan').equals('pro');
 */
export const last = ofProperty('last');
/**
 * How many values a property had.
 *
 * @example
 * const curious = distinct('Product Viewed', 'category').within('30d').atLeast(3);
 */
export const distinct = ofProperty('distinct');
/**
 * The values that a property had, the newest first.
 *
 * @example
 * const brands = list('Order Completed', 'products.brand');
 */
export const list = ofProperty('list');
/**
 * The value that a property had most often.
 *
 * @example
 * const favourite = mostFrequent('Product Viewed', 'category');
 */
export const mostFrequent = ofProperty('mostFrequent');
