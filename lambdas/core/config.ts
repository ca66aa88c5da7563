import * as z from 'zod';
import { Condition } from './condition.ts';
import { pascalCase } from './contract.ts';
import { IdentityConfig } from './identity-config.ts';
import { LakeRules } from './lake-config.ts';
import { Survivorship, survivorshipFlaws } from './survivorship-config.ts';

const Id = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, { error: 'use lower-case letters, digits, "-" and "_", at most 40, beginning with a letter' });

/** How a write key is given: in the clear (browser keys are public anyway), or as its SHA-256 in hex so that no secret is in code. */
const WriteKey = {
  writeKey: z
    .string()
    .min(8)
    .max(100)
    // Basic authorization ends a name at the colon, a path a part at the slash, and browsers encode no other letters.
    .regex(/^[!-.0-9;-~]+$/, { error: 'use letters, digits and signs of ASCII, but no space, ":" or "/"' })
    .optional(),
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
    /** Proxies of one's own between clients and the API, each of which appends to `X-Forwarded-For` whom it saw; with none, that header is not believed. */
    trustedProxies: z.int().min(0).max(10).default(0),
    ...WriteKey,
  })
  .refine((source) => (source.writeKey === undefined) !== (source.writeKeyHash === undefined), {
    error: 'give either writeKey or writeKeyHash',
    path: ['writeKey'],
  });

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
    identity: IdentityConfig.prefault({}),
    /** Whose word survives when sources conflict, by trait; of a trait that is not named it is the last. */
    survivorship: Survivorship.default({}),
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
    for (const { path, message } of survivorshipFlaws(config.survivorship, config.sources)) problem(['survivorship', ...path], message);
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
  const nobodys = pathOf('__proto__', input);
  if (nobodys !== undefined) throw new InvalidConfig([`${fieldName(nobodys)}: is not allowed as a name`]);
  if (parsed.success) return parsed.data;
  throw new InvalidConfig(parsed.error.issues.map(({ path, message }) => `${fieldName(path)}: ${message}`));
}

/** Where an object has a name. Schemas leave `__proto__` out of a record without a word, and with it what somebody decided. */
function pathOf(name: string, value: unknown, path: readonly string[] = []): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, name)) return [...path, name];
  for (const [key, each] of Object.entries(value)) {
    const found = pathOf(name, each, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `['segments', 0, 'key']` → `segments[0].key`, the way a reader would write it. */
export const fieldName = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((name, part) => (typeof part === 'number' ? `${name}[${part}]` : name === '' ? String(part) : `${name}.${String(part)}`), '') ||
  'configuration';
