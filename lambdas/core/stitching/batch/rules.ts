import type { IdentityRules } from '../../identifiers/rules.ts';
import type { Definitions } from '../../segments/program/compile.ts';
import type { Source } from '../../sources/definition.ts';

/** The part of a deployment's configuration that stitching needs. */
export interface StitchRules extends Definitions {
  readonly identity: IdentityRules;
  readonly sources: readonly Pick<Source, 'id' | 'defaultCountry'>[];
}
