import * as z from 'zod';

/** Kinds of facts by which people are compared; a full name is read as given name and surname. */
export const factKinds = [
  ...(['given_name', 'surname', 'full_name', 'birth_date', 'strong_id', 'email', 'phone'] as const),
  ...(['house_number', 'street', 'address_line', 'city', 'postcode', 'state'] as const),
] as const;

/** A trait, or what is inside one: `first_name`, `address.street`. */
const TraitPath = z
  .string()
  .regex(/^[^.]+(\.[^.]+)*$/, { error: 'name a trait, or by dots what is inside one, e.g. address.street' });

/** One path, or several of which the first that says something counts. */
const TraitPaths = z
  .union([TraitPath, z.array(TraitPath).min(1)])
  .transform((paths) => (typeof paths === 'string' ? [paths] : paths));

const Probability = z.number().gt(0).lt(1);

/** How people are found who share no identifier: which traits say what of them, and how sure one must be. */
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
