import * as z from 'zod';

const Scalar = z.union([z.string(), z.number(), z.boolean()]);

/** One comparison with a trait. `trait` is the trait's name; nested traits are not addressed. */
const TraitCondition = z.discriminatedUnion('operator', [
  z.strictObject({ trait: z.string().min(1), operator: z.enum(['equals', 'notEquals']), value: Scalar }),
  z.strictObject({ trait: z.string().min(1), operator: z.enum(['greaterThan', 'atLeast', 'lessThan', 'atMost']), value: z.number() }),
  z.strictObject({ trait: z.string().min(1), operator: z.literal('anyOf'), value: z.array(Scalar).min(1) }),
  z.strictObject({ trait: z.string().min(1), operator: z.enum(['contains', 'startsWith', 'endsWith']), value: z.string().min(1) }),
  z.strictObject({ trait: z.string().min(1), operator: z.enum(['exists', 'missing']) }),
]);
export type TraitCondition = z.infer<typeof TraitCondition>;

/** A rule over a profile's traits: a closed, typed tree, never text that something evaluates. */
export type Condition =
  | TraitCondition
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

export const Condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    TraitCondition,
    z.strictObject({ all: z.array(Condition).min(1) }),
    z.strictObject({ any: z.array(Condition).min(1) }),
    z.strictObject({ not: Condition }),
  ]),
);

/** Starts a condition on one trait: `trait('plan').equals('pro')`. */
export const trait = (name: string) => ({
  equals: (value: string | number | boolean): Condition => ({ trait: name, operator: 'equals', value }),
  notEquals: (value: string | number | boolean): Condition => ({ trait: name, operator: 'notEquals', value }),
  greaterThan: (value: number): Condition => ({ trait: name, operator: 'greaterThan', value }),
  atLeast: (value: number): Condition => ({ trait: name, operator: 'atLeast', value }),
  lessThan: (value: number): Condition => ({ trait: name, operator: 'lessThan', value }),
  atMost: (value: number): Condition => ({ trait: name, operator: 'atMost', value }),
  anyOf: (...value: (string | number | boolean)[]): Condition => ({ trait: name, operator: 'anyOf', value }),
  contains: (value: string): Condition => ({ trait: name, operator: 'contains', value }),
  startsWith: (value: string): Condition => ({ trait: name, operator: 'startsWith', value }),
  endsWith: (value: string): Condition => ({ trait: name, operator: 'endsWith', value }),
  exists: (): Condition => ({ trait: name, operator: 'exists' }),
  missing: (): Condition => ({ trait: name, operator: 'missing' }),
});

export const all = (...conditions: Condition[]): Condition => ({ all: conditions });
export const any = (...conditions: Condition[]): Condition => ({ any: conditions });
export const not = (condition: Condition): Condition => ({ not: condition });
