import * as z from 'zod';

const Scalar = z.union([z.string(), z.number(), z.boolean()]);

/** A comparison with a trait; `trait` is its name, and nested traits are not supported. */
const TraitCondition = z.discriminatedUnion('operator', [
  z.strictObject({ trait: z.string().min(1), operator: z.enum(['equals', 'notEquals']), value: Scalar }),
  z.strictObject({
    trait: z.string().min(1),
    operator: z.enum(['greaterThan', 'atLeast', 'lessThan', 'atMost']),
    value: z.number(),
  }),
  z.strictObject({ trait: z.string().min(1), operator: z.literal('anyOf'), value: z.array(Scalar).min(1) }),
  z.strictObject({
    trait: z.string().min(1),
    operator: z.enum(['contains', 'startsWith', 'endsWith']),
    value: z.string().min(1),
  }),
  z.strictObject({ trait: z.string().min(1), operator: z.enum(['exists', 'missing']) }),
]);
export type TraitCondition = z.infer<typeof TraitCondition>;

/** A rule over a profile's traits: a closed, typed tree, never evaluated text. */
export type Condition =
  | TraitCondition
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

export const Condition: z.ZodType<Condition, Condition> = z.lazy(() =>
  z.union([
    TraitCondition,
    z.strictObject({ all: z.array(Condition).min(1) }),
    z.strictObject({ any: z.array(Condition).min(1) }),
    z.strictObject({ not: Condition }),
  ]),
);

/**
 * Starts a condition on one trait. A missing or blank trait fulfils only `missing`.
 *
 * @example
 * const segments: CdpConfigInput['segments'] = [
 *   { key: 'vips', name: 'Spent 1,000 or more', where: trait('lifetime_value').atLeast(1000) },
 * ];
 */
export const trait = (name: string) => ({
  /** The trait has this value. */
  equals: (value: string | number | boolean): Condition => ({ trait: name, operator: 'equals', value }),
  /** The trait has another value. */
  notEquals: (value: string | number | boolean): Condition => ({ trait: name, operator: 'notEquals', value }),
  /** The trait is a number above the value. */
  greaterThan: (value: number): Condition => ({ trait: name, operator: 'greaterThan', value }),
  /** The trait is a number at or above the value. */
  atLeast: (value: number): Condition => ({ trait: name, operator: 'atLeast', value }),
  /** The trait is a number below the value. */
  lessThan: (value: number): Condition => ({ trait: name, operator: 'lessThan', value }),
  /** The trait is a number at or below the value. */
  atMost: (value: number): Condition => ({ trait: name, operator: 'atMost', value }),
  /** The trait has one of these values. */
  anyOf: (...value: (string | number | boolean)[]): Condition => ({ trait: name, operator: 'anyOf', value }),
  /** The trait is a text that has this part. */
  contains: (value: string): Condition => ({ trait: name, operator: 'contains', value }),
  /** The trait is a text that begins so. */
  startsWith: (value: string): Condition => ({ trait: name, operator: 'startsWith', value }),
  /** The trait is a text that ends so. */
  endsWith: (value: string): Condition => ({ trait: name, operator: 'endsWith', value }),
  /** The trait has a value. */
  exists: (): Condition => ({ trait: name, operator: 'exists' }),
  /** The trait has no value. */
  missing: (): Condition => ({ trait: name, operator: 'missing' }),
});

/**
 * True when every condition is true.
 *
 * @example
 * const reachable = all(trait('email').exists(), trait('newsletter').equals(true));
 */
export const all = (...conditions: Condition[]): Condition => ({ all: conditions });
/**
 * True when at least one condition is true.
 *
 * @example
 * const european = any(trait('country').anyOf('DE', 'FR'), trait('currency').equals('EUR'));
 */
export const any = (...conditions: Condition[]): Condition => ({ any: conditions });
/**
 * True when the condition is false.
 *
 * @example
 * const outside = not(trait('email').endsWith('@example.com'));
 */
export const not = (condition: Condition): Condition => ({ not: condition });
