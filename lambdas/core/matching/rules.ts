import * as z from 'zod';

/** Kinds of facts for comparing people; a full name is split into given name and surname. */
export const factKinds = [
  ...(['given_name', 'surname', 'full_name', 'birth_date', 'strong_id', 'email', 'phone'] as const),
  ...(['house_number', 'street', 'address_line', 'city', 'postcode', 'state'] as const),
] as const;

/** A trait, or a field in one: `first_name`, `address.street`. */
const TraitPath = z
  .string()
  .regex(/^[^.]+(\.[^.]+)*$/, { error: 'name a trait, or a field in one with dots, e.g. address.street' });

/** One path, or several; the first with a value counts. */
const TraitPaths = z
  .union([TraitPath, z.array(TraitPath).min(1)])
  .transform((paths) => (typeof paths === 'string' ? [paths] : paths));

const Probability = z.number().gt(0).lt(1);

/** How the lake finds people who share no identifier: which traits it compares, and how sure it must be. */
export const Matching = z
  .strictObject({
    /** Trait, or traits in order of preference, for each kind of fact; at least two kinds. */
    traits: z.partialRecord(z.enum(factKinds), TraitPaths).refine((traits) => Object.keys(traits).length >= 2, {
      error: 'name the traits of at least two kinds of facts',
    }),
    /** Probability from which a pair is listed for review. */
    suggestAbove: Probability.default(0.9),
    /** Probability from which a pair is merged. At least `suggestAbove`. */
    linkAbove: Probability.default(0.99),
  })
  .superRefine(({ suggestAbove, linkAbove }, check) => {
    if (linkAbove < suggestAbove)
      check.addIssue({
        code: 'custom',
        path: ['linkAbove'],
        message: `must be at least suggestAbove, ${suggestAbove}; it is ${linkAbove}`,
      });
  });
