import { describe, expect, it } from 'vitest';
import { platformSource } from '../../lambdas/core/contract/signals.ts';
import { importPrefix, lakePrefix } from '../../lambdas/core/contract/storage.ts';
import { Event, eventTypes } from '../../lambdas/core/events/event.ts';
import { identifiersOf } from '../../lambdas/core/identifiers/identifier.ts';
import type { IdentityRules } from '../../lambdas/core/identifiers/rules.ts';
import { LakeRules } from '../../lambdas/core/lake/rules.ts';
import { factKinds } from '../../lambdas/core/matching/rules.ts';
import type { Collection } from '../../lambdas/core/profile/profile.ts';
import { traitsOfAccount, traitsOfPerson } from '../../lambdas/core/profile/trait.ts';
import { traitBounds } from '../../lambdas/core/profile/trait-bound.ts';
import { type ReplayZone, replayLine } from '../../lambdas/core/replay/line.ts';
import { correctionIn } from '../../lambdas/core/stitching/batch/correction.ts';
import { identifierBytes } from '../../lambdas/core/stitching/placement/placement.ts';
import { transactionItems } from '../../lambdas/core/stitching/plan.ts';
import { configOf, eventOf } from '../fixtures/events.ts';
import { sharedCases } from '../fixtures/shared-rules.ts';

/** Rules that the jobs of the lake know, too, and whose tables have no test of their own here. */
type Fields = Record<string, unknown>;

describe('an event names', () => {
  const rules: IdentityRules = {
    ...configOf().identity,
    identifiers: [{ type: 'loyalty', path: 'properties.loyalty.id' }],
  };
  it.each(sharedCases<Fields, string[]>('identity/claims'))('$name', ({ input, expected }) => {
    const event = eventOf(input);
    expect(correctionIn(event, rules)?.identifiers ?? identifiersOf(event, rules, 'US').usable).toEqual(expected);
  });
});

it.each(sharedCases<Fields & { collection: Collection }, Fields>('stated-traits'))(
  'traits are stated by $name',
  ({ input, expected }) => {
    const { collection, ...fields } = input;
    expect((collection === 'users' ? traitsOfPerson : traitsOfAccount)(eventOf(fields))).toEqual(expected);
  },
);

it.each(sharedCases<{ line: string; zone: ReplayZone | 'import' }, { sent: string }>('lines-sent-again'))(
  'a line is sent again, $name',
  ({ input, expected }) => expect(replayLine(input.line, input.zone)).toBe(expected.sent),
);

it.each(sharedCases<unknown, { field: string } | null>('events'))('an event or none: $name', ({ input, expected }) => {
  const [fault] = Event.safeParse(input).error?.issues ?? [];
  expect(fault?.path.join('.')).toBe(expected?.field);
});

describe('a correction that the lake makes is read whole', () => {
  interface Corrected {
    readonly collection: Collection;
    readonly identifiers: string[];
    readonly profile: Fields & { readonly released?: string[] };
  }
  it.each(sharedCases<unknown, Corrected>('corrections'))('$name', ({ expected }) => {
    const event = eventOf({
      event: 'Profile Corrected',
      anonymousId: 'platform',
      sourceId: platformSource,
      properties: expected,
    });
    const { collection, identifiers, profile } = expected;
    const { released = [] } = profile;
    expect(correctionIn(event, configOf().identity)).toEqual({
      collection,
      leads: [...new Set([...identifiers, ...released])],
      identifiers: identifiers.filter((id) => !released.includes(id)),
      target: { ...profile, released },
    });
  });
});

describe('both know the same', () => {
  const known: Record<string, unknown> = {
    platform: platformSource,
    // What tells them is that the platform says it; the name is for people who read the lake.
    'match event': 'Profiles Matched',
    exports: `${lakePrefix.exports}AWSDynamoDB`,
    'identifier bytes': identifierBytes,
    'trait name bytes': traitBounds.name,
    'write items': transactionItems,
    calls: eventTypes,
    'matching kinds': factKinds,
    marts: LakeRules.parse({}).marts,
    'files of imports': [importPrefix.files, importPrefix.stagedFiles, importPrefix.begunFiles],
  };
  it.each(sharedCases<string, unknown>('constants'))('$name', ({ input, expected }) =>
    expect(known[input]).toEqual(expected),
  );
});
