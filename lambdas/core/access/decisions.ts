import { computedTraits } from '../apis/profile-traits.ts';
import { explainSegment } from '../operations/explain-segment.ts';
import type { Profile } from '../profile/profile.ts';
import { wordsOfComputation } from '../segments/explanation/event-words.ts';
import type { Reason } from '../segments/explanation/reason.ts';
import type { DatedDefinitions } from '../segments/history/standing.ts';
import { collectionFor } from '../segments/language/definitions.ts';
import type { AccessReport, ReportedDecision } from './report.ts';

/** The segments that a person is in, or will be when the profile is written next, each with its logic. */
export const reportedSegments = (profile: Profile, definitions: DatedDefinitions, now: number): ReportedDecision[] =>
  definitions.segments
    .filter((segment) => collectionFor(segment) === profile.collection)
    .map((segment) => explainSegment(profile, definitions, segment, now))
    .filter(({ memberSince, reason }) => memberSince !== null || (reason.isTrue && profile.suppressed === undefined))
    .map(({ segment, name, memberSince, reason }) => ({
      profileId: profile.profileId,
      segment,
      name,
      since: memberSince,
      logic: partsOf(reason, '1'),
    }));

/** The parts of a rule, numbered like chapters. */
function partsOf({ rule, isTrue, flipsAt, values, events, parts }: Reason, part: string): ReportedDecision['logic'] {
  // Other people have told of an account, too: which one it is and what was asked is said, and not what it has.
  const isOfAccount = values[0]?.what === 'account';
  return [
    {
      part,
      rule,
      isTrue,
      changesAt: flipsAt,
      values: (isOfAccount ? values.slice(0, 1) : values).map(({ what, value }) => ({ what, value })),
      events: isOfAccount ? [] : events.map(({ event, at, value = null }) => ({ event, at, value })),
    },
    ...parts.flatMap((each, n) => partsOf(isOfAccount ? withoutData(each) : each, `${part}.${n + 1}`)),
  ];
}

const withoutData = (reason: Reason): Reason => ({
  ...reason,
  values: [],
  events: [],
  parts: reason.parts.map(withoutData),
});

/** The computed traits of a person, each with what computes it. */
export function reportedTraits(
  profile: Profile,
  definitions: DatedDefinitions,
  now: number,
): AccessReport['computedTraits'] {
  const rules = new Map(definitions.traits.map(({ key, compute }) => [key, wordsOfComputation(compute)]));
  return computedTraits(profile, definitions, now).map(([trait, { value }]) => ({
    profileId: profile.profileId,
    trait,
    value,
    rule: rules.get(trait) ?? '',
  }));
}
