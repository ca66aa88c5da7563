import * as z from 'zod';
import { closed, wanted } from '../comparisons/wanted.ts';
import { isZone } from '../comparisons/zone.ts';
import { Computation } from './computation.ts';
import { Rule } from './rule.ts';

/** Whose days count: a zone by its name, or each person's own, which a trait names. */
export type Zone = string | { readonly trait: string; readonly default: string };

const ZoneName = z.custom<string>(isZone, { error: wanted('a time zone by its name, such as "Europe/Berlin"') });
const OwnZone = closed({
  trait: z.string({ error: wanted('the name of a trait') }).min(1, { error: wanted('a name that is not empty') }),
  default: ZoneName,
});
export const Zone: z.ZodType<Zone, Zone> = z.lazy(() =>
  z.union([ZoneName, OwnZone], { error: wanted('a time zone by its name, or a trait and a default') }),
);

const Key = z.string({ error: wanted('a text') }).regex(/^[a-z][a-z0-9_]{0,79}$/, {
  error: 'use lower-case letters, digits and "_", at most 80, beginning with a letter',
});
const Name = z
  .string({ error: wanted('a text') })
  .min(1, { error: wanted('a text that is not empty') })
  .max(120, { error: wanted('at most 120 characters') });

/** Whose profiles a definition is about. */
const About = z.enum(['people', 'accounts'], { error: wanted('"people" or "accounts"') });

/** The profiles that a definition is about, as they name their collection. */
export const collectionFor = ({ of }: { readonly of?: z.infer<typeof About> | undefined }): 'users' | 'accounts' =>
  of === 'accounts' ? 'accounts' : 'users';

/** Keys of the purposes that a definition uses data for. */
const Uses = z
  .array(z.string({ error: wanted('the key of a purpose') }), { error: wanted('a list of keys of purposes') })
  .optional();

/** A named set of people or of accounts: those of whom a rule is true. */
export const SegmentDefinition = closed({
  /** Name in events and tables: lower-case letters, digits and `_`, at most 80 characters. */
  key: Key,
  /** Name for people, at most 120 characters. */
  name: Name,
  /** Who is in it: `people`, which is the default, or `accounts`. */
  of: About.optional(),
  /** Whose days count: a time zone by its name, or each person's own, which a trait names. By default UTC's. */
  zone: Zone.optional(),
  /** A person, or an account, belongs to the segment while this is true. */
  where: Rule,
  /**
   * Keys of the purposes that it is used for: only people who allow all of them are in it. Purposes of profiling are
   * always among them, unless the list is empty.
   */
  uses: Uses,
});
export type SegmentDefinition = Readonly<z.infer<typeof SegmentDefinition>>;

/** A trait that is computed of a person's or an account's events. */
export const ComputedTrait = closed({
  /** Name of the trait: lower-case letters, digits and `_`, at most 80 characters. It hides a trait that events state. */
  key: Key,
  /** Name for people, at most 120 characters. */
  name: Name.optional(),
  /** Who has it: `people`, which is the default, or `accounts`. */
  of: About.optional(),
  /** Whose days count: a time zone by its name, or each person's own, which a trait names. By default UTC's. */
  zone: Zone.optional(),
  /** What the trait is: a number, a time, a value or a list of values. */
  compute: Computation,
  /**
   * Keys of the purposes that it is used for: only people who allow all of them have it. Purposes of profiling are
   * always among them, unless the list is empty.
   */
  uses: Uses,
  /** The same as a rule, which the configuration writes. Only conditions of consent may be in it. */
  allowed: Rule.optional(),
});
export type ComputedTrait = Readonly<z.infer<typeof ComputedTrait>>;
