import { isFormer } from '../identifiers/former-name.ts';
import { type Identifier, plainType, textOf, typeOf } from '../identifiers/identifier.ts';
import type { Survivorship } from '../lake/survivorship.ts';
import { explain } from '../operations/explain.ts';
import type { ConsentExplained } from '../operations/explain-consent.ts';
import type { ReportedPerson } from './report.ts';
import { saidOf } from './said.ts';
import { theirsOf, type WholePerson } from './whole-person.ts';

const named = (id: Identifier) => ({ type: plainType(id), value: textOf(id) });

/** A copy of what is stored of a whole person, with how each part came. */
export function reportedPerson(
  person: WholePerson,
  { purposes }: Pick<ConsentExplained, 'purposes'>,
  survivorship: Survivorship,
): ReportedPerson {
  const { profile } = person.live;
  const isTheirs = theirsOf(person);
  const explained = explain(person, person.links, survivorship);
  return {
    profileId: profile.profileId,
    createdAt: profile.createdAt,
    firstSeen: profile.firstSeen,
    lastSeen: profile.lastSeen,
    eventCount: profile.eventCount,
    isSuppressed: profile.suppressed ?? false,
    counters: profile.aggregates.size,
    identifiers: explained.identifiers
      .filter(({ identifier }) => isTheirs(identifier))
      .map(({ identifier, firstSeen, lastSeen, linkedAt, rule, messageId }) => ({
        type: typeOf(identifier),
        value: textOf(identifier),
        firstSeen,
        lastSeen,
        linkedAt,
        rule,
        messageId,
      })),
    released: explained.released.map(({ identifier, at, source }) => ({ ...named(identifier), at, source })),
    ...saidOf(profile, isTheirs, survivorship),
    allowed: purposes.map(({ purpose, isAllowed, by }) => ({ purpose, isAllowed, by })),
    merged: explained.merges.map(({ absorbed, at, rule, messageId }) => {
      const merged = person.tombstones.get(absorbed)?.profile;
      const identifiers = [...(merged?.identifiers.keys() ?? [])].filter((id) => !isFormer(id) && isTheirs(id));
      const said = merged === undefined ? nothingSaid : saidOf(merged, isTheirs, survivorship);
      const eventCount = merged?.eventCount ?? 0;
      return { profileId: absorbed, at, rule, messageId, eventCount, identifiers: identifiers.map(named), ...said };
    }),
    elsewhere: person.elsewhere.length,
  };
}

const nothingSaid = { traits: [], consent: [], accounts: [], arrivals: [], latestEvents: [] };
