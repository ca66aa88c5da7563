import type { Comparison } from '../comparisons/comparison.ts';
import type { Duration, Window } from './window.ts';

type Scalar = string | number | boolean;

/** A form with the steps that may follow it; steps are no part of what is written. */
export const withSteps = <Form extends object, Steps extends object>(form: Form, steps: Steps): Form & Steps =>
  Object.defineProperties(
    { ...form },
    Object.fromEntries(Object.entries(steps).map(([name, value]) => [name, { value }])),
  ) as Form & Steps;

/** Steps that say when; `build` makes the form with the window that they say. */
export const windowSteps = <Form>(build: (window: Window) => Form) => ({
  /** Less than so long ago. @example did('Order Completed').within('30d') */
  within: (duration: Duration): Form => build({ within: duration }),
  /** At least `from` and less than `to` ago. @example did('Order Completed').ago('30d', '60d') */
  ago: (from: Duration, to: Duration): Form => build({ between: [from, to] }),
  /** At least so long ago. @example didLast('Order Completed').olderThan('30d') */
  olderThan: (duration: Duration): Form => build({ olderThan: duration }),
  /** From one date or time on, and before another. @example did(page()).during('2026-03-01', '2026-04-01') */
  during: (from: string, to: string): Form => build({ from, to }),
  /** From a date or time on. @example did('Order Completed').since('2026-03-01') */
  since: (from: string): Form => build({ from }),
  /** Before a date or time. @example trait('signed_up').until('2026-03-01T08:00:00Z') */
  until: (to: string): Form => build({ to }),
  /** Today, in the zone of the definition. @example did(page()).today() */
  today: (): Form => build({ calendar: 'day', last: 1 }),
  /** In the last days of the calendar, today among them. @example count(page()).lastDays(7) */
  lastDays: (last: number): Form => build({ calendar: 'day', last }),
  /** In the last weeks, which begin on Monday, this one among them. @example did(page()).lastWeeks(2) */
  lastWeeks: (last: number): Form => build({ calendar: 'week', last }),
  /** In the last months, this one among them. @example sum('Order Completed', 'revenue').lastMonths(3) */
  lastMonths: (last: number): Form => build({ calendar: 'month', last }),
});
export type WindowSteps<Form> = ReturnType<typeof windowSteps<Form>>;

/** Steps that compare; what they make has the fields of `subject`. */
export const comparisonSteps = <Subject extends object>(subject: Subject) => {
  const compare = (comparison: Comparison): Subject & Comparison => ({ ...subject, ...comparison });
  return {
    /** It is this value. @example trait('plan').equals('pro') */
    equals: (value: Scalar) => compare({ operator: 'equals', value }),
    /** It is another value. @example trait('plan').notEquals('free') */
    notEquals: (value: Scalar) => compare({ operator: 'notEquals', value }),
    /** It is a number above the value. @example trait('score').greaterThan(100) */
    greaterThan: (value: number) => compare({ operator: 'greaterThan', value }),
    /** It is a number at or above the value. @example property('revenue').atLeast(50) */
    atLeast: (value: number) => compare({ operator: 'atLeast', value }),
    /** It is a number below the value. @example trait('score').lessThan(100) */
    lessThan: (value: number) => compare({ operator: 'lessThan', value }),
    /** It is a number at or below the value. @example count(page()).within('7d').atMost(3) */
    atMost: (value: number) => compare({ operator: 'atMost', value }),
    /** It is a number from one to the other, both included. @example trait('age').between(18, 25) */
    between: (from: number, to: number) => compare({ operator: 'between', from, to }),
    /** It is one of these values. @example trait('address.country').anyOf('DE', 'AT') */
    anyOf: (...value: Scalar[]) => compare({ operator: 'anyOf', value }),
    /** It is a value, and none of these. @example trait('plan').noneOf('free', 'trial') */
    noneOf: (...value: Scalar[]) => compare({ operator: 'noneOf', value }),
    /** It is a text with this part, or a list with this item. @example trait('interests').contains('running') */
    contains: (value: Scalar) => compare({ operator: 'contains', value }),
    /** It is a text that begins so. @example context('page.path').startsWith('/shoes/') */
    startsWith: (value: string) => compare({ operator: 'startsWith', value }),
    /** It is a text that ends so. @example trait('email').endsWith('@example.com') */
    endsWith: (value: string) => compare({ operator: 'endsWith', value }),
    /** It has a value. @example trait('email').exists() */
    exists: () => compare({ operator: 'exists' }),
    /** It has no value. @example trait('plan').missing() */
    missing: () => compare({ operator: 'missing' }),
    /** It is a date before this one. @example trait('signed_up').before('2026-03-01') */
    before: (value: string) => compare({ operator: 'before', value }),
    /** It is a date after this one. @example trait('signed_up').after('2026-03-01') */
    after: (value: string) => compare({ operator: 'after', value }),
  };
};
