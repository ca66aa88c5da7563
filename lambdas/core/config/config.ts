import * as z from 'zod';
import { Purpose } from '../consent/purpose.ts';
import { pascalCase } from '../contract/outputs.ts';
import { Destination } from '../destinations/definition.ts';
import { Egress } from '../destinations/egress.ts';
import { forwardingFlaws } from '../destinations/forwarding/flaws.ts';
import { IdentityConfig } from '../identifiers/rules.ts';
import { LakeRules } from '../lake/rules.ts';
import { Survivorship, survivorshipFlaws } from '../lake/survivorship.ts';
import { PrivacySettings } from '../privacy/settings.ts';
import { ComputedTrait, SegmentDefinition } from '../segments/language/definitions.ts';
import { compile } from '../segments/program/compile.ts';
import { Source, withKey } from '../sources/definition.ts';
import { fieldName } from '../values/field-name.ts';
import { got } from '../values/got.ts';
import { purposeFlaws, withPurposes } from './purposes.ts';

const unique = (values: readonly string[]): boolean => new Set(values).size === values.length;

/** All decisions of a deployment, validated at synthesis; functions read them from a file in their bundle. */
export const CdpConfig = z
  .strictObject({
    /** Where events come from, one write key each. */
    sources: z.array(Source).min(1, { error: 'at least one source is needed' }),
    /** Rules that decide which identifiers are one person. */
    identity: IdentityConfig.prefault({}),
    /**
     * Which value of a trait survives when sources conflict, by the trait's name; `*` is for all others. By default,
     * the most recent one.
     */
    survivorship: Survivorship.default({}),
    /** Named sets of people or of accounts, each with the condition that puts somebody in. */
    segments: z.array(SegmentDefinition).default([]),
    /** Traits that are computed of a person's or an account's events, which segments read like others. */
    traits: z.array(ComputedTrait).default([]),
    /**
     * What personal data is used for. Segments, computed traits and destinations name them in `uses`. By default none,
     * and nothing is filtered by purpose.
     */
    purposes: z.array(Purpose).default([]),
    /** Tools that are told who enters and who exits a segment, or receive events. */
    destinations: z.array(Destination).default([]),
    /** How destinations, and those who are called back, are reached: directly, or through a proxy. */
    egress: Egress.prefault({}),
    /** Rules by which a job cleans events for the lake's tables, and settings of the marts. */
    lake: LakeRules.prefault({}),
    /** Deadlines of privacy requests, and who calls back. */
    privacy: PrivacySettings.prefault({}),
  })
  .superRefine((config, check) => {
    const problem = (path: (string | number)[], message: string) => check.addIssue({ code: 'custom', path, message });
    if (!unique(config.sources.map(({ id }) => id))) problem(['sources'], 'source ids must be unique');
    if (!unique(withKey(config.sources).flatMap(({ writeKey, writeKeyHash }) => writeKey ?? writeKeyHash ?? [])))
      problem(['sources'], 'write keys must be unique');
    if (!unique(config.destinations.map(({ id }) => pascalCase(id).toLowerCase())))
      problem(['destinations'], 'destination ids must be unique, also without "-" and "_"');
    for (const { path, message } of survivorshipFlaws(config.survivorship, config.sources))
      problem(['survivorship', ...path], message);
    for (const { path, message } of compile(config).flaws) problem([...path], message);
    for (const { path, message } of forwardingFlaws(config.destinations, config.sources))
      problem(['destinations', ...path], message);
    for (const { path, message } of unknownKeys(config)) problem(['destinations', ...path], message);
    for (const { path, message } of purposeFlaws(config)) problem([...path], message);
  });

/** Segments and computed traits that destinations name, and nobody defines. */
function unknownKeys({ destinations, segments, traits }: Pick<CdpConfig, 'destinations' | 'segments' | 'traits'>) {
  const flawsOf = (what: string, named: readonly string[], defined: readonly { readonly key: string }[]) => {
    const known = defined.map(({ key }) => key);
    return named.flatMap((key, n) =>
      known.includes(key)
        ? []
        : [{ n, message: `no ${what} has the key "${key}"; known: ${known.join(', ') || 'none'}` }],
    );
  };
  return destinations.flatMap((destination, at) => [
    ...flawsOf('segment', destination.segments, segments).map((flaw) => ({ ...flaw, path: [at, 'segments', flaw.n] })),
    ...flawsOf('computed trait', destination.traits, traits).map((flaw) => ({ ...flaw, path: [at, 'traits', flaw.n] })),
  ]);
}

export type CdpConfig = z.infer<typeof CdpConfig>;
export type CdpConfigInput = z.input<typeof CdpConfig>;

/** The configuration is not valid; `fields` names each field, its value and what it must be. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig';
  readonly fields: readonly string[];

  constructor(fields: readonly string[]) {
    super(`cdp.config.ts is not valid:\n${fields.map((field) => `  - ${field}`).join('\n')}`);
    this.fields = fields;
  }
}

/**
 * Checks a configuration and fills in its defaults. @throws InvalidConfig naming every wrong field.
 *
 * @example
 * const { identity, lake } = parseConfig({ sources: [{ id: 'website', kind: 'browser', writeKey: 'a-key-of-your-own' }] });
 * const fiveAndThirty = [identity.defaultLimit, lake.marts.sessionMinutes];
 */
export function parseConfig(input: unknown): CdpConfig {
  const parsed = CdpConfig.safeParse(input, { reportInput: true });
  const nobodys = pathOf('__proto__', input);
  if (nobodys !== undefined) throw new InvalidConfig([`${fieldName(nobodys)}: is not allowed as a name`]);
  if (parsed.success) return withPurposes(parsed.data);
  throw new InvalidConfig(parsed.error.issues.map(told));
}

/** Adds the received value where the message lacks it. A text may be a key, so only numbers are shown. */
function told({ path, message, code, input }: z.core.$ZodIssue): string {
  const field = `${fieldName(path)}: ${message}`;
  if (code === 'custom' || code === 'unrecognized_keys' || /\breceived\b|\bgot\b/.test(message)) return field;
  return `${field}; ${typeof input === 'number' ? `got ${input}` : got(input)}`;
}

/**
 * The place of a forbidden name. Schemas drop `__proto__` from a record silently, and with it a decision of the user.
 */
function pathOf(name: string, value: unknown, path: readonly string[] = []): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, name)) return [...path, name];
  for (const [key, each] of Object.entries(value)) {
    const found = pathOf(name, each, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}
