import type { Computation } from './computation.ts';
import type { Call, Filter } from './event-match.ts';
import { matching } from './events.ts';
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

/** How often an event happened. */
export const count = ofEvents('count');
/** When an event first happened. */
export const firstTime = ofEvents('firstTime');
/** When an event last happened. */
export const lastTime = ofEvents('lastTime');
/** The sum of a property; 0 without events. */
export const sum = ofProperty('sum');
/** The average of a property. */
export const average = ofProperty('average');
/** The smallest number that a property had. */
export const minimum = ofProperty('minimum');
/** The largest number that a property had. */
export const maximum = ofProperty('maximum');
/** What a property was the first time. */
export const first = ofProperty('first');
/** What a property was the last time. */
export const last = ofProperty('last');
/** How many values a property had. */
export const distinct = ofProperty('distinct');
/** The values that a property had, the newest first. */
export const list = ofProperty('list');
/** The value that a property had most often. */
export const mostFrequent = ofProperty('mostFrequent');
