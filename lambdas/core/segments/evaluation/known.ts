import type { Aggregates } from '../aggregates/aggregate.ts';
import { isZone } from '../comparisons/zone.ts';
import type { Zone } from '../language/definitions.ts';
import type { Program } from '../program/compile.ts';

/** What traits say by their names. */
export type TraitOf = (name: string) => unknown;

/** What is known of a profile, as far as segments ask. */
export interface Known {
  readonly profileId: string;
  /** When it was first seen, in milliseconds. */
  readonly since: number;
  /** When the latest of its events happened: no answer is about a time before it. */
  readonly clock: number;
  readonly aggregates: Aggregates;
  readonly traitOf: TraitOf;
  /** Undefined where nobody said. */
  readonly consentOf: (category: string) => boolean | undefined;
  readonly hasIdentifier: (type: string) => boolean;
  readonly accounts: readonly KnownAccount[];
  /** Of an account of a person: whether it is in a segment of accounts. */
  readonly memberOf?: ((segment: string) => boolean) | undefined;
}

/** What is known of an account of a person. */
export interface KnownAccount extends Pick<Known, 'traitOf' | 'memberOf'> {
  /** Its group id, for those who explain. */
  readonly name?: string;
}

/** What a rule is asked about: a profile from some time on, in a zone. */
export interface Scene {
  readonly program: Program;
  readonly known: Known;
  readonly from: number;
  readonly zone: string;
}

/**
 * What something is at any time from the scene's on, and the instants at which it may become something else, in no
 * order and only for those who look ahead.
 */
export interface Course<Value> {
  readonly at: (now: number) => Value;
  readonly edges: () => readonly number[];
}

/** What is the same at all times. */
export const always = <Value>(value: Value): Course<Value> => ({ at: () => value, edges: () => [] });

/** The zone of a definition for a profile: its own, if it names one that exists. */
export function zoneFor(zone: Zone, { traitOf }: Pick<Known, 'traitOf'>): string {
  if (typeof zone === 'string') return zone;
  const own = traitOf(zone.trait);
  return isZone(own) ? own : zone.default;
}
