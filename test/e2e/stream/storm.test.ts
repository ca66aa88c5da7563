import pMap from 'p-map';
import { describe, expect, it } from 'vitest';
import { eventually } from '../observed/eventually.ts';
import { identityLog, quarantined } from '../observed/lake.ts';
import { profilesWith } from '../observed/profiles.ts';
import { post } from '../observed/requests.ts';
import { untilStitched } from '../observed/stream-order.ts';
import { unique } from '../platform/deployment.ts';
import { withIdentityRules } from '../platform/identity-rules.ts';

/** Everybody has browsed anonymously in as many places, and then says twice in each who they are. */
const browsersEach = 100;
/** People of the storm that goes through, and of those that are stopped, which takes longer. */
const [many, few] = [50, 20];
const minutes = 60_000;

const high = { max: 1000, window: 'ever' };
const raised = {
  limits: { user_id: { max: 1, window: 'ever' }, anonymous_id: high },
  caps: { identifiers: 1000, merges: 1000 },
};

describe(`a storm: up to ${2 * many * browsersEach} identifies say that ${many * browsersEach} anonymous profiles are ${many} people`, () => {
  it(
    'ends right where no limit binds, in few writes, and holds up nobody behind it',
    async () => {
      const storm = await withIdentityRules({ ...raised, breaker: { merges: 1000, minutes: 60 } }, () =>
        blow('storm-raised', many),
      );
      const known = await storm.people();
      expect(known).toHaveLength(many);
      for (const { identifiers, eventCount, mergeCount } of known)
        expect([identifiers.length, eventCount, mergeCount]).toEqual([
          1 + browsersEach,
          3 * browsersEach,
          browsersEach - 1,
        ]);
      expect(await storm.strangers()).toEqual([]);
      expect(await storm.inQuarantine()).toEqual([]);
      const writes = known.reduce((sum, { version }) => sum + version, 0) - many;
      console.log(`${many * browsersEach - many} merges took ${writes} writes beyond those that made the profiles`);
      expect(writes).toBeLessThan(1500);
    },
    5 * minutes,
  );

  it(
    'is stopped by the default limits, and loses nothing',
    async () => {
      const storm = await blow('storm-default', few);
      const [known, strangers] = [await storm.people(), await storm.strangers()];
      expect(known).toHaveLength(few);
      for (const { identifiers, mergeCount } of known)
        expect([identifiers.length <= 6, mergeCount < 5]).toEqual([true, true]);
      const count = (profiles: readonly { eventCount: number }[]) =>
        profiles.reduce((sum, { eventCount }) => sum + eventCount, 0);
      expect(count(known) + count(strangers)).toBe(storm.calls);
      expect(await storm.inQuarantine()).toEqual([]);
    },
    5 * minutes,
  );

  it(
    'is stopped by the breaker where the limits are raised; what it stops is in quarantine and in the identity log',
    async () => {
      const storm = await withIdentityRules(raised, () => blow('storm-breaker', few));
      const [known, strangers] = [await storm.people(), await storm.strangers()];
      expect(known).toHaveLength(few);
      for (const { mergeCount } of known) expect(mergeCount).toBeLessThanOrEqual(20);
      const applied = [...known, ...strangers].reduce((sum, { eventCount }) => sum + eventCount, 0);
      const stopped = await eventually(
        async () => {
          const lines = await storm.inQuarantine();
          expect(new Set(lines.map(({ messageId }) => messageId)).size).toBe(storm.calls - applied);
          return lines;
        },
        { within: 2 * minutes },
      );
      expect(stopped.length).toBeGreaterThan(0);
      expect(new Set(stopped.map(({ reason }) => reason))).toEqual(new Set(['breaker of 20 merges in 60 minutes']));
      const logged = await eventually(async () => {
        const entries = (await identityLog()).filter(
          ({ kind, messageId }) => kind === 'cap' && String(messageId).startsWith(storm.prefix),
        );
        expect(new Set(entries.map(({ messageId }) => messageId))).toEqual(
          new Set(stopped.map(({ messageId }) => messageId)),
        );
        return entries;
      });
      console.log(`${stopped.length} events in quarantine, ${logged.length} entries in the log`);
    },
    6 * minutes,
  );
});

/** Sends a storm, waits until it has passed, and says what it left. */
async function blow(name: string, people: number) {
  const visits = people * browsersEach;
  const prefix = `${unique(name)}-`;
  const browsers = Array.from({ length: visits }, (_, n) => ({
    anonymousId: `${prefix}browser-${n}`,
    userId: `${prefix}user-${n % people}`,
  }));
  const timestamp = new Date().toISOString();
  const pages = browsers.map(({ anonymousId }, n) => ({
    type: 'page',
    anonymousId,
    messageId: `${prefix}page-${n}`,
    timestamp,
  }));
  const identifies = [...browsers, ...browsers].map((who, n) => ({
    type: 'identify',
    ...who,
    messageId: `${prefix}identify-${n}`,
    timestamp,
  }));
  await send(pages);
  await untilStitched(`${name}-before`, 4 * minutes);
  expect(await profilesWith(`anonymous_id:${prefix}`)).toHaveLength(visits);
  await send(identifies);
  await untilStitched(`${name}-behind`, 4 * minutes);
  // What did not fit into a write is written after those behind it in its batch; the next batch waits for all of it.
  await untilStitched(`${name}-after`, 4 * minutes);
  return {
    prefix,
    calls: 3 * visits,
    people: () => profilesWith(`user_id:${prefix}`),
    strangers: async () =>
      (await profilesWith(`anonymous_id:${prefix}`)).filter(
        ({ identifiers }) => !identifiers.some((id) => id.startsWith('user_id:')),
      ),
    inQuarantine: async () =>
      (await quarantined()).flatMap(({ reason, event }) => {
        const [, messageId] = /"messageId":"([^"]+)"/.exec(String(event)) ?? [];
        return messageId?.startsWith(prefix) ? [{ reason, messageId }] : [];
      }),
  };
}

async function send(events: readonly object[]): Promise<void> {
  const batches = Array.from({ length: events.length / 200 }, (_, n) => events.slice(n * 200, (n + 1) * 200));
  const answers = await pMap(batches, (batch) => post('/v1/batch', { batch }), { concurrency: 4 });
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
}
