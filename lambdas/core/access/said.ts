import type { Survivorship } from '../lake/survivorship.ts';
import { explainTraits } from '../operations/explain-traits.ts';
import { categoryOf, isSaidElsewhere, speakerOf } from '../profile/consent.ts';
import type { Profile } from '../profile/profile.ts';
import { statementsIn } from '../profile/surviving-trait.ts';
import { byTodaysRules } from '../stitching/todays-rules.ts';
import type { ReportedPerson } from './report.ts';
import type { IsTheirs } from './whole-person.ts';

type Said = Pick<ReportedPerson, 'traits' | 'consent' | 'accounts' | 'arrivals' | 'latestEvents'>;

/** What was said of a profile, and by whom. An identifier of somebody else is not named. */
export const saidOf = (profile: Profile, isTheirs: IsTheirs, survivorship: Survivorship): Said => ({
  traits: traitsOf(profile, survivorship),
  consent: [...profile.consent].map(([key, { granted, timestamp, sourceId, messageId }]) => ({
    category: categoryOf(key),
    isGranted: granted,
    saidUnder: isTheirs(speakerOf(key), timestamp) ? speakerOf(key) : null,
    isElsewhere: isSaidElsewhere(key),
    at: timestamp,
    source: sourceId ?? null,
    messageId,
  })),
  accounts: [...profile.accounts].map(([account, { first, last }]) => ({
    account,
    firstSeen: first,
    lastSeen: last,
  })),
  arrivals: [...arrivalOf('first', profile.touches.first), ...arrivalOf('last', profile.touches.last)],
  latestEvents: profile.recent.map(({ type, name, timestamp, sourceId, messageId }) => ({
    type,
    name,
    at: timestamp,
    source: sourceId,
    messageId,
  })),
});

const arrivalOf = (which: 'first' | 'last', touch: Profile['touches']['first']): Said['arrivals'] =>
  touch === undefined
    ? []
    : [{ which, at: touch.timestamp, campaign: touch.campaign ?? null, referrer: touch.referrer ?? null }];

/** Every statement that is kept of a trait: the one that is used, and what other sources said last. */
function traitsOf(profile: Profile, survivorship: Survivorship): Said['traits'] {
  const { traits } = byTodaysRules(profile, { survivorship });
  return explainTraits(profile, survivorship).flatMap(({ trait, rule }) => {
    const stated = traits.get(trait);
    const statements = stated === undefined ? [] : statementsIn(stated);
    return statements.map(({ value, sourceId, timestamp, messageId, bytes }, n) => ({
      trait,
      value,
      source: sourceId,
      at: timestamp,
      messageId,
      isUsed: n === 0,
      rule: n === 0 ? rule : 'another source is trusted more',
      notKeptBytes: bytes ?? null,
    }));
  });
}
