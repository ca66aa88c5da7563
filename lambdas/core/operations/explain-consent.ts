import { type Purpose, purposesOf } from '../consent/purpose.ts';
import { clausesOf, isAllowed, standingOf } from '../consent/standing.ts';
import { categoryOf, isSaidElsewhere, permits, saidBy, speakerOf } from '../profile/consent.ts';
import type { Profile } from '../profile/profile.ts';

/** One statement that decides about a purpose. */
interface Statement {
  readonly category: string;
  readonly granted: boolean;
  /** The identifier under which it was said. */
  readonly identifier: string;
  /** Whether it was said on a device of somebody else, so that it undoes nothing that the identifier refused. */
  readonly isElsewhere: boolean;
  readonly at: string;
  /** Null in statements that were stored before it was kept. */
  readonly sourceId: string | null;
  readonly messageId: string;
}

/** Whether data of somebody may be used for a purpose, and why. */
export interface PurposeStanding {
  readonly purpose: string;
  readonly isAllowed: boolean;
  /** What decides: statements, or the purpose's default where nobody said enough. */
  readonly by: 'statements' | 'default';
  readonly statements: readonly Statement[];
}

/** What somebody's consent means for each purpose, and the destinations that are not told about them. */
export interface ConsentExplained {
  readonly purposes: readonly PurposeStanding[];
  readonly withheldFrom: readonly string[];
}

/** A destination, as far as it asks for consent. */
interface Asking {
  readonly id: string;
  readonly consent: readonly string[];
  readonly uses: readonly string[];
}

/** Explains what the statements of a profile allow, by purpose, and which destinations that keeps from it. */
export function explainConsent(
  profile: Profile,
  { purposes, destinations }: { readonly purposes: readonly Purpose[]; readonly destinations: readonly Asking[] },
): ConsentExplained {
  const said = saidBy(profile);
  return {
    purposes: purposes.map((purpose) => ({
      purpose: purpose.key,
      isAllowed: isAllowed(purpose, said),
      by: standingOf(purpose, said) === undefined ? 'default' : 'statements',
      statements: statementsAbout(purpose, profile),
    })),
    withheldFrom: destinations
      .filter(({ consent, uses }) => !permits(profile, { consent, purposes: purposesOf(uses, purposes) }))
      .map(({ id }) => id),
  };
}

function statementsAbout(purpose: Purpose, { consent }: Profile): Statement[] {
  const { groups, limits } = clausesOf(purpose);
  const categories = new Set([...groups.flat(), ...limits]);
  return [...consent]
    .filter(([key]) => categories.has(categoryOf(key)))
    .map(([key, { granted, timestamp, sourceId, messageId }]) => ({
      category: categoryOf(key),
      granted,
      identifier: speakerOf(key),
      isElsewhere: isSaidElsewhere(key),
      at: timestamp,
      sourceId: sourceId ?? null,
      messageId,
    }));
}
