import * as z from 'zod';
import { normalizeEmail } from './email.ts';
import { Matching } from './matching-config.ts';
import { Pattern } from './pattern.ts';

/** Identifier types may carry a dot, as Segment's `ios.id` does; a colon separates a type from its value. */
const IdentifierType = z
  .string()
  .regex(/^[a-z][a-z0-9_.-]{0,39}$/, { error: 'use lower-case letters, digits, "_", "." and "-", at most 40, beginning with a letter' });

/** A person takes on no more than `max` identifiers of a type, ever or within any such span. */
const IdentifierLimit = z.strictObject({ max: z.int().min(1).max(1000), window: z.enum(['ever', 'weekly', 'monthly', 'annually']).default('ever') });

/** Values of one identifier type that never link anyone, besides those blocked for all types. */
const Blocked = z.strictObject({ values: z.array(z.string()).default([]), patterns: z.array(Pattern).default([]) });

/** Where an event may say another identifier, e.g. `{ type: 'loyalty_id', path: 'traits.loyalty.id' }`. */
const CustomIdentifier = z.strictObject({
  type: IdentifierType,
  path: z.string().regex(/^(traits|properties|context)(\.[^.]+)+$/, { error: 'begin with traits., properties. or context.' }),
});

/** Who is whom: identifiers, how far each is trusted, and how much one person may have of them. */
export const IdentityConfig = z.strictObject({
  identifiers: z.array(CustomIdentifier).default([]),
  /** Identifier types from most to least trusted; a type that is not named comes just before `anonymous_id`. */
  priority: z.array(IdentifierType).default(['user_id', 'email', 'phone', 'anonymous_id']),
  limits: z.record(IdentifierType, IdentifierLimit).default({ user_id: { max: 1, window: 'ever' } }),
  defaultLimit: z.int().min(1).max(1000).default(5),
  /** Values that never link anyone, compared without case and surrounding quotes: Segment's list and PostHog's. */
  blockedValues: z
    .array(z.string())
    .default([
      ...['', '-1', 'null', 'undefined', 'none', 'nan', 'anonymous', 'guest', 'unknown', 'test', 'true', 'false'],
      ...['id', 'email', 'distinct_id', 'distinctid', 'not_authenticated', '[object object]'],
    ]),
  /** The same for single types, by value or regular expression; an address in whatever form it is written, a phone number in E.164. */
  blocked: z.record(IdentifierType, Blocked).transform(inOneForm).default({}),
  /** What one profile may become at the most; an event that would pass it is quarantined. */
  caps: z.strictObject({ identifiers: z.int().min(1).default(1000), merges: z.int().min(1).default(100) }).prefault({}),
  /** Suspends merging into a profile that took part in so many merges within so many minutes. */
  breaker: z.strictObject({ merges: z.int().min(1).default(20), minutes: z.int().min(1).default(60) }).prefault({}),
  /** Finds people who share no identifier; left out, nobody is looked for. */
  matching: Matching.optional(),
});
export type IdentityRules = z.infer<typeof IdentityConfig>;

type AllBlocked = Readonly<Record<string, z.infer<typeof Blocked>>>;

/** Addresses are compared in the form in which events' are kept. */
function inOneForm({ email, ...others }: AllBlocked): AllBlocked {
  return email === undefined ? others : { ...others, email: { ...email, values: email.values.map((value) => normalizeEmail(value) ?? value) } };
}
