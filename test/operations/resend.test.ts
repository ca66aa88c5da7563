import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resendNews } from '../../lambdas/core/operations/resend-news.ts';
import { newProfile, type Profile } from '../../lambdas/core/profile/profile.ts';
import type { Progress } from '../../lambdas/operations/lake-walk.ts';
import { type ResendDeps, resend } from '../../lambdas/operations/resend.ts';
import { configOf, eventOf } from '../fixtures/events.ts';
import { numRuns } from '../fixtures/laws.ts';

const definitions = configOf();
const person = (profileId: string, ...segments: string[]): Profile => ({
  ...newProfile(profileId, eventOf({})),
  segments: new Map(segments.map((key) => [key, '2026-05-01T00:00:00.000Z'])),
});
const wish = { segments: new Set(['vip', 'new']), traits: new Set<string>() };

describe('what is told again about somebody', () => {
  it.each([
    { name: 'their memberships', profile: person('p1', 'vip', 'new'), news: ['vip', 'new'] },
    { name: 'nothing of what was not asked for', profile: person('p1', 'other'), news: [] },
    { name: 'nothing if others were asked for', profile: person('p2', 'vip'), profiles: new Set(['p1']), news: [] },
    { name: 'what was asked for', profile: person('p1', 'vip'), profiles: new Set(['p1']), news: ['vip'] },
  ])('$name', ({ profile, profiles, news }) =>
    expect(resendNews(profile, { ...wish, profiles }, definitions, 0)).toEqual(
      news.map((segment) => ({ profileId: profile.profileId, segment, change: 'entered', again: true })),
    ),
  );
});

class Killed extends Error {}

/** A table of four parts, a queue and a file of progress; some calls kill the process, before or after they act. */
function world(parts: readonly (readonly string[])[], dies: () => boolean) {
  const queue: { run: string; profileId: string; part: number }[] = [];
  let saved: Progress | undefined;
  let runs = 0;
  let now = 0;
  const mortal = async <T>(act: () => T): Promise<T> => {
    if (dies()) throw new Killed();
    const result = act();
    if (dies()) throw new Killed();
    return result;
  };
  const deps: ResendDeps = {
    parts: parts.length,
    scan: async function* ({ part }) {
      for (const id of parts[part] ?? []) yield [{ profile: person(id, 'vip'), version: 1 } as never];
    },
    newsOf: (profile) => resendNews(profile, wish, definitions, 0),
    send: (bodies) =>
      mortal(() => {
        for (const body of bodies) {
          const { id: run, detail } = JSON.parse(body);
          const part = parts.findIndex((ids) => ids.includes(detail.profileId));
          queue.push({ run, profileId: detail.profileId, part });
        }
      }),
    perSecond: 100,
    newRun: () => `run ${runs++}`,
    load: async () => saved,
    save: (progress) =>
      mortal(() => {
        saved = progress;
      }),
    tell: () => {},
    isStopped: () => false,
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
    now: () => now,
  };
  return { deps, queue, seconds: () => now / 1_000, isDone: () => saved?.done === true };
}

const tables = fc
  .uniqueArray(fc.nat(200), { maxLength: 40 })
  .map((ids) => [0, 1, 2, 3].map((part) => ids.filter((id) => id % 4 === part).map((id) => `p${id}`)));

it('tells everybody, wherever it is killed and started again, and only the part that it had begun twice', () =>
  fc.assert(
    fc.asyncProperty(tables, fc.infiniteStream(fc.nat(9).map((n) => n === 0)), async (parts, fates) => {
      let deaths = 0;
      const { deps, queue, isDone } = world(parts, () => deaths < 20 && fates.next().value === true && ++deaths > 0);
      for (let isOver = false; !isOver; )
        isOver = await resend(deps).then(
          () => true,
          (error) => {
            if (!(error instanceof Killed)) throw error;
            return isDone();
          },
        );
      expect([...new Set(queue.map(({ profileId }) => profileId))].sort()).toEqual(parts.flat().sort());
      // Parts follow each other, so whatever comes twice belongs to the part that was begun.
      const order = queue.map(({ part }) => part);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      const runs = new Set(queue.map(({ run }) => run));
      expect(runs.size).toBeLessThanOrEqual(1);
    }),
    { numRuns: numRuns(500) },
  ));

it('is told as news of its own the next time, at the rate that was asked for', async () => {
  const ids = Array.from({ length: 50 }, (_, n) => `p${n}`);
  const { deps, queue, seconds } = world([ids], () => false);
  expect((await resend(deps)).counts).toEqual({ profiles: 50, 'segment vip': 50 });
  expect(seconds()).toBeCloseTo(0.5, 1);
  await resend(deps);
  expect(new Set(queue.map(({ run }) => run))).toEqual(new Set(['run 0', 'run 1']));
});

it('counts, and puts nothing anywhere, in a rehearsal', async () => {
  const { deps, queue } = world([['p1'], ['p2']], () => false);
  const save = async () => expect.unreachable();
  expect((await resend({ ...deps, send: undefined, save })).counts).toEqual({ profiles: 2, 'segment vip': 2 });
  expect(queue).toEqual([]);
});
