import { describe, expect, it } from 'vitest';
import { ClientCall } from '../../../lambdas/core/events/event.ts';
import type { Rule } from '../../../lambdas/core/segments/language/rule.ts';
import { configOf, eventOf } from '../../fixtures/events.ts';
import { stitched } from '../../fixtures/in-memory/profile-api.ts';
import { sharedCases } from '../../fixtures/shared-rules.ts';
import { audienceEvent } from '../../fixtures/told.ts';
import { ask } from '../segments/evaluation/ask.ts';

describe('a condition', () => {
  it.each(sharedCases<{ condition: Rule; value: unknown }, boolean>('conditions'))(
    '$name',
    ({ input: { condition, value }, expected }) =>
      expect(ask(condition, [], 0, { traitOf: () => value })[0]).toBe(expected),
  );
});

const blanks = ['', ' ', '\t\n', '\u00a0', '\u3000', '\ufeff'];

it.each(blanks)('blank, %j is no id of a call', (blank) => {
  expect(ClientCall.safeParse({ type: 'track', event: 'E', userId: blank }).success).toBe(false);
  expect(ClientCall.parse({ type: 'track', event: 'E', userId: 'u', anonymousId: blank, messageId: blank })).toEqual({
    type: 'track',
    event: 'E',
    userId: 'u',
  });
  expect(ClientCall.safeParse({ type: 'group', userId: 'u', groupId: blank }).success).toBe(false);
});

it('takes an id without the space around it, whichever it is', () =>
  expect(
    ClientCall.parse({
      type: 'alias',
      userId: ' L ',
      anonymousId: '\ufeffa\n',
      previousId: '\u3000p',
      messageId: ' m ',
    }),
  ).toEqual({
    ...{ type: 'alias', userId: 'L', anonymousId: 'a', previousId: 'p', messageId: ' m ' },
  }));

it.each([...blanks, null])('tells a destination no address of a person who took theirs back by %j', async (email) => {
  const events = [{ email: 'ann@example.com' }, { email }].map((traits, n) =>
    eventOf({ type: 'identify', userId: 'u', messageId: `m${n}`, timestamp: `2026-05-01T00:0${n}:00.000Z`, traits }),
  );
  const [profile] = (await stitched(events, configOf())).live();
  expect(
    profile && audienceEvent(profile, 'all', configOf().identity, '2026-05-02T00:00:00.000Z').context.traits,
  ).toEqual({});
});

/** An id as the stream and the lake take it. */
it.each(sharedCases<unknown, string | null>('identity/ids'))('an id, $name', ({ input, expected }) => {
  const call = ClientCall.safeParse({ type: 'alias', userId: input, anonymousId: 'a', previousId: input });
  expect(call.success ? { ...call.data } : 'too long').toEqual(
    expected === 'too long'
      ? expected
      : { type: 'alias', anonymousId: 'a', ...(expected !== null && { userId: expected, previousId: expected }) },
  );
});
