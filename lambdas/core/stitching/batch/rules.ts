import type { IdentityRules } from '../../identifiers/rules.ts';
import type { Survivorship } from '../../lake/survivorship.ts';
import type { DatedDefinitions } from '../../segments/history/standing.ts';
import type { Source } from '../../sources/definition.ts';

/** The part of a deployment's configuration that stitching needs. */
export interface StitchRules extends DatedDefinitions {
  readonly identity: IdentityRules;
  readonly sources: readonly Pick<Source, 'id' | 'defaultCountry'>[];
  /** Which statement of a trait survives; without a rule, the last. */
  readonly survivorship?: Survivorship | undefined;
}
