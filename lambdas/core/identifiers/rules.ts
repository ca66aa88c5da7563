import * as z from 'zod';
import { Matching } from '../matching/rules.ts';
import { Pattern } from '../values/pattern.ts';
import { normalizeEmail } from './email.ts';

/** An identifier type may contain a dot, as Segment's `ios.id` does. A colon separates type and value. */
const identifierType = /^[a-z][a-z0-9_.-]{0,39}$/;
/** Whether a text has the form of an identifier's type. */
export const isIdentifierType = (text: string): boolean => identifierType.test(text);

const IdentifierType = z.string().regex(identifierType, {
  error: 'use lower-case letters, digits, "_", "." and "-", at most 40, beginning with a letter',
});

/** Maximum of identifiers of one type that a profile takes on, within a span of time. */
const IdentifierLimit = z.strictObject({
  /** Maximum of identifiers of this type on one profile. */
  max: z.int().min(1).max(1000),
  /** Span in which the maximum counts: all time, 7, 30 or 365 days. */
  window: z.enum(['ever', 'weekly', 'monthly', 'annually']).default('ever'),
});

/** Values of one identifier type that never link people, in addition to those blocked for all types. */
const Blocked = z.strictObject({
  /**
   * Exact values, compared without case and surrounding quotes. E-mail addresses in any form, phone numbers in E.164.
   */
  values: z.array(z.string()).default([]),
  /** Regular expressions, limited to what JavaScript and Python read alike. */
  patterns: z.array(Pattern).default([]),
});

/** Place of a custom identifier in events, e.g. `{ type: 'loyalty_id', path: 'traits.loyalty.id' }`. */
const CustomIdentifier = z.strictObject({
  /** Type of the identifier, e.g. `loyalty_id`. */
  type: IdentifierType,
  /** Path into the event, e.g. `traits.loyalty.id`. */
  path: z
    .string()
    .regex(/^(traits|properties|context)(\.[^.]+)+$/, { error: 'begin with traits., properties. or context.' }),
});

/** Rules of identity: identifiers, their priority, and how many a profile may have. */
export const IdentityConfig = z.strictObject({
  /** Identifiers of your own, besides the standard ones. */
  identifiers: z.array(CustomIdentifier).default([]),
  /** Identifier types from most to least trusted. A type that is not listed ranks just before `anonymous_id`. */
  priority: z.array(IdentifierType).default(['user_id', 'email', 'phone', 'anonymous_id']),
  /** Maximum of identifiers of a type that one profile takes on, by type. */
  limits: z.record(IdentifierType, IdentifierLimit).default({ user_id: { max: 1, window: 'ever' } }),
  /** Maximum for every type without an entry in `limits`. */
  defaultLimit: z.int().min(1).max(1000).default(5),
  /**
   * Values that never identify anyone, compared without case and surrounding quotes: the lists of Segment and PostHog.
   */
  blockedValues: z
    .array(z.string())
    .default([
      '',
      '-1',
      'null',
      'undefined',
      'none',
      'nan',
      'anonymous',
      'guest',
      'unknown',
      'test',
      'true',
      'false',
      'id',
      'email',
      'distinct_id',
      'distinctid',
      'not_authenticated',
      '[object object]',
    ]),
  /** Values and patterns that never identify anyone, by identifier type. */
  blocked: z.record(IdentifierType, Blocked).transform(inOneForm).default({}),
  /** Maximum size of one profile. An event that would exceed it goes to quarantine. */
  caps: z
    .strictObject({
      /** Identifiers of one profile. */
      identifiers: z.int().min(1).default(1000),
      /** Profiles that one profile absorbs. */
      merges: z.int().min(1).default(100),
    })
    .prefault({}),
  /** Stops merges into a profile that merges too often. */
  breaker: z
    .strictObject({
      /** Merges after which the breaker opens. */
      merges: z.int().min(1).default(20),
      /** Minutes in which they are counted. */
      minutes: z.int().min(1).default(60),
    })
    .prefault({}),
  /** Finds people who share no identifier. Without it, the job `matches` does not exist. */
  matching: Matching.optional(),
});
export type IdentityRules = z.infer<typeof IdentityConfig>;

type AllBlocked = Readonly<Record<string, z.infer<typeof Blocked>>>;

/** Normalizes blocked addresses like those of events. */
function inOneForm({ email, ...others }: AllBlocked): AllBlocked {
  return email === undefined
    ? others
    : { ...others, email: { ...email, values: email.values.map((value) => normalizeEmail(value) ?? value) } };
}
