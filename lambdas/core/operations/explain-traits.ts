import { type Survivorship, trustedSources } from '../lake/survivorship.ts';
import type { Profile } from '../profile/profile.ts';
import { hasValue, statementsIn } from '../profile/surviving-trait.ts';
import type { Trait } from '../profile/trait.ts';
import { byTodaysRules } from '../stitching/todays-rules.ts';
import { ascending } from '../values/order.ts';

/** Who said something about a trait, when, and by which message; `null` says that the source took it back. */
interface Said {
  readonly source: string;
  readonly said: string;
  readonly messageId: string;
  readonly state: 'value' | 'removed';
}

/** Which source's statement of a trait survives, and why; values are left out. */
export interface TraitExplanation extends Said {
  readonly trait: string;
  readonly rule: string;
  /** What other sources said last, as far as the profile keeps it. */
  readonly others: readonly Said[];
}

/** Explains the traits of a profile, by name. */
export function explainTraits(profile: Profile, survivorship: Survivorship = {}): TraitExplanation[] {
  const { traits } = byTodaysRules(profile, { survivorship });
  return [...traits]
    .map(([trait, stated]) => {
      const [survivor, ...others] = statementsIn(stated).map(saidOf) as [Said, ...Said[]];
      return { trait, ...survivor, rule: ruleOf(stated, trustedSources(survivorship, trait)), others };
    })
    .sort((a, b) => ascending(a.trait, b.trait));
}

const saidOf = (statement: Trait): Said => ({
  source: statement.sourceId,
  said: statement.timestamp,
  messageId: statement.messageId,
  state: hasValue(statement) ? 'value' : 'removed',
});

function ruleOf(trait: Trait, sources: readonly string[] | undefined): string {
  if (sources === undefined) return 'the last statement';
  if (!hasValue(trait)) return 'all sources took it back';
  const at = sources.indexOf(trait.sourceId);
  if (at === 0) return 'the most trusted source';
  const before = (at < 0 ? sources : sources.slice(0, at)).join(', ');
  return at < 0 ? `the last statement, because none of ${before} has a value` : `${before} has no value`;
}
