import { describe, expect, it } from 'vitest';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import defaultRules from '../../fixtures/identity/default-rules.json' with { type: 'json' };
import { stitched } from '../../fixtures/in-memory/profile-api.ts';
import examples from '../../shared-rules/identity/worked-examples.json' with { type: 'json' };

/** What Segment's documentation works through by hand comes out the same here, under the default rules. */
describe.each(examples)('$name ($source)', ({ calls, profilesAfter, people }) => {
  const events = calls.map((call, n) => eventOf({ ...call, timestamp: minute(n), receivedAt: minute(n) }));
  const peopleAfter = async (count: number) => (await stitched(events.slice(0, count), configOf())).live();

  it.each(profilesAfter.map((profiles, n) => ({ call: n + 1, profiles })))(
    'after call $call: $profiles',
    async ({ call, profiles }) => expect(await peopleAfter(call)).toHaveLength(profiles),
  );

  it('in the end', async () => {
    const found = (await peopleAfter(events.length)).map(({ createdAt, identifiers, eventCount }) => ({
      madeByCall: events.findIndex(({ receivedAt }) => receivedAt === createdAt) + 1,
      identifiers: [...identifiers.keys()].sort(),
      events: eventCount,
    }));
    expect(found.sort((a, b) => a.madeByCall - b.madeByCall)).toEqual(people);
  });
});

it('are worked through by the jobs of the lake under the same default rules', () =>
  expect(defaultRules).toEqual(configOf().identity));
