import type { IdentityRules } from '../identifiers/rules.ts';
import type { Segment } from '../segments/definition.ts';
import type { Source } from '../sources/definition.ts';

/** The part of a deployment's configuration that stitching needs. */
export interface StitchRules {
  readonly identity: IdentityRules;
  readonly segments: readonly Segment[];
  readonly sources: readonly Pick<Source, 'id' | 'defaultCountry'>[];
}
