import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../lambdas/core/attempts/attempt.ts';
import { identifier } from '../../lambdas/core/identifiers/identifier.ts';
import { newProfile, type Profile } from '../../lambdas/core/profile/profile.ts';
import { deliveryLine } from '../fixtures/delivery-line.ts';
import { eventOf, minute } from '../fixtures/events.ts';
import { numRuns } from '../fixtures/laws.ts';

const seen = { first: minute(1), last: minute(1), linked: minute(1) };
const member = (profileId: string): Profile => ({
  ...newProfile(profileId, eventOf({})),
  identifiers: new Map([[identifier('user_id', profileId), seen]]),
  segments: new Map([['vip', minute(2)]]),
});
const failures = {
  busy: () => Object.assign(new Error(), { name: 'HTTPError', status: 503 }),
  unauthorized: () => Object.assign(new Error(), { name: 'HTTPError', status: 401 }),
  breaks: () => new TypeError(),
};
type Mood = keyof typeof failures | 'takes';

/** A queue of entries of so many people, for a tool that answers each call by its mood. */
function lineOf(people: number, mood: (call: number, profileId: string) => Mood, perSecond?: number) {
  const calls = new Map<string, number>();
  let asked = 0;
  const line = deliveryLine({
    find: member,
    more: { perSecond },
    destination: {
      deliver: async (items) => {
        for (const { profileId = '' } of items) {
          calls.set(profileId, (calls.get(profileId) ?? 0) + 1);
          const answer = mood(asked++, profileId);
          if (answer !== 'takes') throw failures[answer]();
        }
        return items.map(() => ({ kind: 'delivered', requests: 1 }) as const);
      },
    },
  });
  for (let n = 0; n < people; n++) line.announce(`p${n}`, 'entered');
  const personIn = (body: string) => (JSON.parse(body) as { detail: { profileId: string } }).detail.profileId;
  const letters = () =>
    line.letters.map(({ body, why }) => ({ person: personIn(body), reason: why.reason, tries: why.tries }));
  return { ...line, calls, lettersNow: letters };
}

const triesOf = (rows: readonly Attempt[], outcome: Attempt['outcome']) =>
  rows.filter((row) => row.outcome === outcome).map(({ attempt }) => attempt);

describe('a message that only waited', () => {
  it.each([
    { why: 'the breaker', perSecond: undefined },
    { why: 'the rate', perSecond: 0.01 },
  ])('for $why has three tries with an error of the code that may pass', async ({ perSecond }) => {
    const { pass, lettersNow, calls, held, rows } = lineOf(
      40,
      (call, profileId) =>
        call < 25 && perSecond === undefined ? 'unauthorized' : profileId === 'p39' ? 'breaks' : 'takes',
      perSecond,
    );
    await pass();
    expect(held()).toBeGreaterThan(30);
    const [letter] = lettersNow().filter(({ person }) => person === 'p39');
    expect(letter).toMatchObject({ reason: 'TypeError', tries: String(calls.get('p39')) });
    expect(calls.get('p39')).toBeGreaterThanOrEqual(3);
    expect(new Set(triesOf(rows(), 'held'))).toEqual(new Set([0]));
  });

  it('for hours in a slow line is tried again after its first failure', async () => {
    const failed = new Set<string>();
    const { pass, lettersNow, now, rows } = lineOf(
      20,
      (_call, profileId) => {
        if (profileId !== 'p19' || failed.has(profileId)) return 'takes';
        failed.add(profileId);
        return 'busy';
      },
      0.001,
    );
    const begun = now();
    await pass();
    expect(now() - begun).toBeGreaterThan(4 * 3_600_000);
    expect(lettersNow()).toEqual([]);
    expect(triesOf(rows(), 'retried')).toEqual([1]);
    expect(triesOf(rows(), 'delivered').toSorted()).toEqual([...Array(19).fill(1), 2]);
  });
});

it('counts tries, and no waits, in rows and dead letters, whatever the tool answers', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom<Mood>('takes', 'busy', 'unauthorized', 'breaks'), { minLength: 1, maxLength: 60 }),
      fc.constantFrom(undefined, 0.05, 1),
      fc.integer({ min: 1, max: 30 }),
      async (moods, perSecond, people) => {
        const { pass, lettersNow, calls, rows } = lineOf(
          people,
          (call) => moods[call % moods.length] ?? 'takes',
          perSecond,
        );
        await pass();
        for (const { person, tries } of lettersNow())
          expect([person, tries]).toEqual([person, String(calls.get(person))]);
        const total = [...calls.values()].reduce((sum, each) => sum + each, 0);
        const expected = [...calls.values()].flatMap((each) => Array.from({ length: each }, (_, n) => n + 1));
        const tried = rows().filter(({ outcome }) => outcome !== 'held');
        expect(tried).toHaveLength(total);
        const byNumber = (a: number, b: number): number => a - b;
        expect(tried.map(({ attempt }) => attempt).toSorted(byNumber)).toEqual(expected.toSorted(byNumber));
        expect(new Set(rows().map(({ id }) => id)).size).toBe(rows().length);
      },
    ),
    { numRuns: numRuns(150) },
  ));
