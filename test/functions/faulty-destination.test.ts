import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AudienceEvent } from '../../lambdas/core/destinations/audience-event.ts';
import type { Destination } from '../../lambdas/core/destinations/destination.ts';
import { deliveryLine } from '../fixtures/delivery-line.ts';
import { numRuns } from '../fixtures/laws.ts';
import { kinds, People, people } from '../fixtures/told-people.ts';

/** How the destination takes a call: it may also take what it does not confirm. */
type Mood = 'takes' | 'takes unheard' | 400 | 401 | 429 | 503 | 'breaks';

const moods = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Mood>('takes') },
    { weight: 4, arbitrary: fc.constantFrom<Mood>('takes unheard', 400, 401, 429, 503, 'breaks') },
  ),
  { minLength: 20, maxLength: 60 },
);
const happenings = fc.array(
  fc.record({
    kind: fc.constantFrom(...kinds),
    who: fc.nat(people - 1),
    other: fc.nat(people - 1),
  }),
  { maxLength: 30, size: 'max' },
);

/** A tool that is moody, and remembers by name who is in. */
function moodyTool(moods: readonly Mood[]) {
  const members = new Set<string>();
  let calls = 0;
  let isMended = false;
  const take = ({ userId, anonymousId, event }: AudienceEvent): void => {
    const name = userId ?? anonymousId ?? '';
    if (event === 'Audience Entered') members.add(name);
    else members.delete(name);
  };
  const destination: Destination = {
    deliver: async (items) => {
      const mood = isMended ? 'takes' : (moods[calls++ % moods.length] ?? 'takes');
      if (mood === 'breaks') throw new TypeError();
      if (typeof mood === 'number') throw Object.assign(new Error(), { name: 'HTTPError', status: mood });
      for (const { call } of items) take(call as AudienceEvent);
      if (mood === 'takes unheard') throw Object.assign(new Error(), { name: 'ConnectionFailed' });
      return items.map(() => ({ kind: 'delivered', requests: 1 }) as const);
    },
  };
  return {
    destination,
    members,
    mend: () => {
      isMended = true;
    },
  };
}

it('loses no membership and leaves none wrong under any name, once letters are sent again to a tool that works', () =>
  fc.assert(
    fc.asyncProperty(happenings, moods, async (history, itsMoods) => {
      const table = new People();
      const { destination, members, mend } = moodyTool(itsMoods);
      const line = deliveryLine({ destination, find: table.find });
      for (const happening of history) await table.play(happening, line);
      await line.pass();
      for (const { body, why } of line.letters) {
        expect(JSON.parse(body)).toMatchObject({ detail: { profileId: expect.any(String), segment: 'vip' } });
        expect([why.reason, Number(why.tries)]).toEqual([expect.stringMatching(/\w/), expect.any(Number)]);
      }
      mend();
      line.redrive();
      await line.pass();
      expect(line.letters).toEqual([]);
      expect([...members].sort()).toEqual(table.members());
    }),
    { numRuns: numRuns(1_000) },
  ));
