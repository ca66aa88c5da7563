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
  /** Less than so long ago. */
  within: (duration: Duration): Form => build({ within: duration }),
  /** At least `from` and less than `to` ago. */
  ago: (from: Duration, to: Duration): Form => build({ between: [from, to] }),
  /** At least so long ago. */
  olderThan: (duration: Duration): Form => build({ olderThan: duration }),
  /** From a date or time, and before another one. */
  during: (from: string, to: string): Form => build({ from, to }),
  /** From a date or time on. */
  since: (from: string): Form => build({ from }),
  /** Before a date or time. */
  until: (to: string): Form => build({ to }),
  /** Today, in the zone of the definition. */
  today: (): Form => build({ calendar: 'day', last: 1 }),
  /** In the last days of the calendar, today among them. */
  lastDays: (last: number): Form => build({ calendar: 'day', last }),
  /** In the last weeks of the calendar, which begin on Monday, this one among them. */
  lastWeeks: (last: number): Form => build({ calendar: 'week', last }),
  /** In the last months of the calendar, this one among them. */
  lastMonths: (last: number): Form => build({ calendar: 'month', last }),
});
export type WindowSteps<Form> = ReturnType<typeof windowSteps<Form>>;

/** Steps that compare; what they make has the fields of `subject`. */
export const comparisonSteps = <Subject extends object>(subject: Subject) => {
  const compare = (comparison: Comparison): Subject & Comparison => ({ ...subject, ...comparison });
  return {
    /** It is this value. */
    equals: (value: Scalar) => compare({ operator: 'equals', value }),
    /** It is another value. */
    notEquals: (value: Scalar) => compare({ operator: 'notEquals', value }),
    /** It is a number above the value. */
    greaterThan: (value: number) => compare({ operator: 'greaterThan', value }),
    /** It is a number at or above the value. */
    atLeast: (value: number) => compare({ operator: 'atLeast', value }),
    /** It is a number below the value. */
    lessThan: (value: number) => compare({ operator: 'lessThan', value }),
    /** It is a number at or below the value. */
    atMost: (value: number) => compare({ operator: 'atMost', value }),
    /** It is a number from one to the other, both included. */
    between: (from: number, to: number) => compare({ operator: 'between', from, to }),
    /** It is one of these values. */
    anyOf: (...value: Scalar[]) => compare({ operator: 'anyOf', value }),
    /** It is a value, and none of these. */
    noneOf: (...value: Scalar[]) => compare({ operator: 'noneOf', value }),
    /** It is a text that has this part, or a list that has this item. */
    contains: (value: Scalar) => compare({ operator: 'contains', value }),
    /** It is a text that begins so. */
    startsWith: (value: string) => compare({ operator: 'startsWith', value }),
    /** It is a text that ends so. */
    endsWith: (value: string) => compare({ operator: 'endsWith', value }),
    /** There is a value. */
    exists: () => compare({ operator: 'exists' }),
    /** There is no value. */
    missing: () => compare({ operator: 'missing' }),
    /** It is a date before this one. */
    before: (value: string) => compare({ operator: 'before', value }),
    /** It is a date after this one. */
    after: (value: string) => compare({ operator: 'after', value }),
  };
};
