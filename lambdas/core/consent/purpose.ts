import * as z from 'zod';

/** Opt-outs of GPP's sections of the United States that a purpose can be mapped to. */
export const gppOptOuts = ['sale', 'sharing', 'targetedAdvertising'] as const;

/** Categories of this form are the platform's own: what a browser's signal or a decoded string says. */
export const isOwnCategory = (category: string): boolean => /^@(gpc$|tcf:|gpp:)/.test(category);

const Category = z
  .string()
  .min(1)
  .max(100)
  .refine((category) => !isOwnCategory(category), { error: 'must be no category of the platform, such as "@gpc"' });

/** What personal data is used for, and how a person allows it. */
export const Purpose = z
  .strictObject({
    /** Name in `uses`: lower-case letters, digits and `_`, at most 40, first a letter. */
    key: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, {
      error: 'use lower-case letters, digits and "_", at most 40, beginning with a letter',
    }),
    /** Name for people, at most 120 characters. */
    name: z.string().min(1).max(120),
    /**
     * What the law asks of it. `advertising` is never granted by silence, and counts as a sale. An opt-out of sale, such
     * as the browser's Global Privacy Control, refuses `advertising` and `sale_or_share`. `profiling` is needed by every
     * segment and computed trait of people.
     */
    kind: z.enum(['advertising', 'sale_or_share', 'profiling', 'other']).default('other'),
    /** What counts of a person who said nothing. */
    default: z.enum(['denied', 'granted']).default('denied'),
    /**
     * Categories in `context.consent.categoryPreferences`, as the consent tool names them; all must be granted. By
     * default, the key.
     */
    categories: z.array(Category).nonempty().optional(),
    /** Purposes of IAB's TCF, 1 to 11, that the string in `context.consent.tcf` must grant, all of them. */
    tcf: z.array(z.int().min(1).max(11)).nonempty().optional(),
    /** Opt-outs in the string `context.consent.gpp`: each refuses it, and an answer without any of them grants it. */
    gpp: z.array(z.enum(gppOptOuts)).nonempty().optional(),
  })
  .refine((purpose) => purpose.kind !== 'advertising' || purpose.default === 'denied', {
    error: 'must be "denied" for advertising: nobody consents to it by silence; got "granted"',
    path: ['default'],
  });
export type Purpose = z.infer<typeof Purpose>;

/** Purposes by their keys, in the order of the keys. Unknown keys are left out: the configuration refuses them. */
export const purposesOf = (keys: readonly string[], purposes: readonly Purpose[]): readonly Purpose[] =>
  keys.flatMap((key) => purposes.find((purpose) => purpose.key === key) ?? []);
