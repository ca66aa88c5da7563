import * as z from 'zod';
import { Condition } from './condition.ts';
import { pascalCase } from './contract.ts';
import { LakeRules } from './lake-config.ts';

const Id = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, { error: 'use lower-case letters, digits, "-" and "_", at most 40, beginning with a letter' });

/** How a write key is given: in the clear (browser keys are public anyway), or as its SHA-256 in hex so that no secret is in code. */
const WriteKey = {
  writeKey: z.string().min(8).max(100).optional(),
  writeKeyHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
};

const Source = z
  .strictObject({
    id: Id,
    kind: z.enum(['browser', 'server', 'batch']),
    /** ISO 3166 country assumed for phone numbers without a country code. */
    defaultCountry: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .optional(),
    ...WriteKey,
  })
  .refine((source) => (source.writeKey === undefined) !== (source.writeKeyHash === undefined), {
    error: 'give either writeKey or writeKeyHash',
    path: ['writeKey'],
  });

/** Identifier types may carry a dot, as Segment's `ios.id` does; a colon separates a type from its value. */
const IdentifierType = z
  .string()
  .regex(/^[a-z][a-z0-9_.-]{0,39}$/, { error: 'use lower-case letters, digits, "_", "." and "-", at most 40, beginning with a letter' });

/** A person takes on no more than `max` identifiers of a type, ever or within any such span. */
const IdentifierLimit = z.strictObject({ max: z.int().min(1).max(1000), window: z.enum(['ever', 'weekly', 'monthly', 'annually']).default('ever') });

const Pattern = z.string().refine((source) => isPattern(source), { error: 'is not a regular expression' });

/** Values of one identifier type that never link anyone, besides those blocked for all types. */
const Blocked = z.strictObject({ values: z.array(z.string()).default([]), patterns: z.array(Pattern).default([]) });

/** Where an event may say another identifier, e.g. `{ type: 'loyalty_id', path: 'traits.loyalty.id' }`. */
const CustomIdentifier = z.strictObject({
  type: IdentifierType,
  path: z.string().regex(/^(traits|properties|context)(\.[^.]+)+$/, { error: 'begin with traits., properties. or context.' }),
});

const IdentityRules = z.strictObject({
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
  /** The same for single types, by value or regular expression. */
  blocked: z.record(IdentifierType, Blocked).default({}),
  /** What one profile may become at the most; an event that would pass it is quarantined. */
  caps: z.strictObject({ identifiers: z.int().min(1).default(1000), merges: z.int().min(1).default(100) }).prefault({}),
  /** Suspends merging into a profile that took part in so many merges within so many minutes. */
  breaker: z.strictObject({ merges: z.int().min(1).default(20), minutes: z.int().min(1).default(60) }).prefault({}),
});

function isPattern(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}

const Segment = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9_]{0,79}$/, { error: 'use lower-case letters, digits and "_", at most 80, beginning with a letter' }),
  name: z.string().min(1).max(120),
  where: Condition,
});

const Destination = z.strictObject({
  id: Id,
  kind: z.enum(['webhook']),
  /** Keys of the segments whose changes this destination receives. */
  segments: z.array(z.string()).min(1),
});

const unique = (values: readonly string[]): boolean => new Set(values).size === values.length;

/** Everything a deployment decides, validated at synth; the functions read it back from the file they are bundled with. */
export const CdpConfig = z
  .strictObject({
    sources: z.array(Source).min(1, { error: 'at least one source is needed' }),
    identity: IdentityRules.prefault({}),
    segments: z.array(Segment).default([]),
    destinations: z.array(Destination).default([]),
    /** How events are cleaned on their way into the lake's tables. */
    lake: LakeRules.prefault({}),
  })
  .superRefine((config, check) => {
    const problem = (path: (string | number)[], message: string) => check.addIssue({ code: 'custom', path, message });
    if (!unique(config.sources.map(({ id }) => id))) problem(['sources'], 'source ids must be unique');
    if (!unique(config.sources.flatMap(({ writeKey, writeKeyHash }) => writeKey ?? writeKeyHash ?? [])))
      problem(['sources'], 'write keys must be unique');
    if (!unique(config.segments.map(({ key }) => key))) problem(['segments'], 'segment keys must be unique');
    if (!unique(config.destinations.map(({ id }) => pascalCase(id).toLowerCase())))
      problem(['destinations'], 'destination ids must be unique, also without "-" and "_"');
    const known = new Set(config.segments.map(({ key }) => key));
    config.destinations.forEach((destination, d) => {
      destination.segments.forEach((key, s) => {
        if (!known.has(key))
          problem(['destinations', d, 'segments', s], `no segment has the key "${key}"; known: ${[...known].join(', ') || 'none'}`);
      });
    });
  });
export type CdpConfig = z.infer<typeof CdpConfig>;
export type CdpConfigInput = z.input<typeof CdpConfig>;
export type Source = CdpConfig['sources'][number];
export type IdentityRules = CdpConfig['identity'];
export type Segment = CdpConfig['segments'][number];
export type Destination = CdpConfig['destinations'][number];

/** The configuration does not say what it must; `fields` names each field, what was wrong and where. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig';
  constructor(readonly fields: readonly string[]) {
    super(`cdp.config.ts is not valid:\n${fields.map((field) => `  - ${field}`).join('\n')}`);
  }
}

/** Checks a configuration and fills its defaults. @throws InvalidConfig naming every wrong field. */
export function parseConfig(input: unknown): CdpConfig {
  const parsed = CdpConfig.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InvalidConfig(parsed.error.issues.map(({ path, message }) => `${fieldName(path)}: ${message}`));
}

/** `['segments', 0, 'key']` → `segments[0].key`, the way a reader would write it. */
export const fieldName = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((name, part) => (typeof part === 'number' ? `${name}[${part}]` : name === '' ? String(part) : `${name}.${String(part)}`), '') ||
  'configuration';
