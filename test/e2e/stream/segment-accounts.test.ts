import { Analytics } from '@segment/analytics-node';
import { afterAll, expect, it } from 'vitest';
import { attemptsAbout, newsAbout } from '../observed/deliveries.ts';
import { eventually } from '../observed/eventually.ts';
import { identityLog } from '../observed/lake.ts';
import { profileOf } from '../observed/profiles.ts';
import { platform, unique } from '../platform/deployment.ts';

const analytics = new Analytics({ writeKey: platform.writeKey, host: platform.ingestUrl });
afterAll(() => analytics.closeAndFlush());

const day = 86_400_000;
const [acme, globex] = [unique('acme'), unique('globex')];
const [ann, bob, carl] = ['ann', 'bob', 'carl'].map((name) => unique(`employed-${name}`)) as [string, string, string];
const [firms, buyers] = ['lapsed_companies', 'lapsed_buyers'] as const;
/** Milliseconds: more than a busy machine needs until everybody has a profile. */
const soon = 60_000;
/** A minute until the start of a round, and what a busy machine takes. */
const onTime = { within: 100_000, every: 500 };

/** Group calls and orders, in the order of the calls; tells when they were sent. */
async function says(joined: Readonly<Record<string, readonly string[]>>, ordered: readonly Order[]): Promise<number> {
  for (const [userId, groupIds] of Object.entries(joined)) {
    analytics.identify({ userId, traits: { role: userId === carl ? 'clerk' : 'buyer' } });
    for (const groupId of groupIds) analytics.group({ userId, groupId, traits: { name: groupId } });
  }
  for (const { by: userId, groupId, revenue, at } of ordered)
    analytics.track({
      ...{ userId, event: 'Order Completed', properties: { revenue, currency: 'USD' } },
      ...{ context: { groupId }, timestamp: new Date(at) },
    });
  const sent = Date.now();
  await analytics.flush();
  return sent;
}

interface Order {
  readonly by: string;
  readonly groupId: string;
  readonly revenue: number;
  readonly at: number;
}

const changes = async (who: string, segment: string) => (await newsAbout(who, segment)).map(({ change }) => change);

/** Waits until these were told these changes, and prints how long after a time the last of each came. */
const areTold = async (since: number, wanted: readonly (readonly [string, string, readonly string[]])[]) => {
  const left = { within: Math.max(since - Date.now(), 0) + onTime.within, every: onTime.every };
  for (const [who, segment, told] of wanted) {
    await eventually(async () => expect(await changes(who, segment), `${who} ${segment}`).toEqual(told), left);
    const late = ((await newsAbout(who, segment)).at(-1)?.at ?? 0) - since;
    expect(late, `${who} ${segment} before it was due`).toBeGreaterThanOrEqual(0);
    console.log(`${segment}: ${told.at(-1)}, told after ${(late / 1000).toFixed(1)} s: ${who}`);
  }
};

it('an account enters and exits, by calls and by itself, its people follow, and each change is told once, by group id', async () => {
  const turn = Date.now() + soon;
  const sent = await says({ [ann]: [acme], [bob]: [acme, globex], [carl]: [acme] }, [
    { by: carl, groupId: acme, revenue: 700, at: turn - 100 * day },
    { by: ann, groupId: acme, revenue: 450, at: turn - 30 * day },
    { by: bob, groupId: globex, revenue: 1500, at: turn - 40 * day },
  ]);
  await areTold(sent, [
    [globex, firms, ['entered']],
    [bob, buyers, ['entered']],
  ]);
  await areTold(turn, [
    [acme, firms, ['entered']],
    [ann, buyers, ['entered']],
  ]);
  const segments = await Promise.all(
    [`group_id:${acme}`, ...[ann, bob, carl].map((id) => `user_id:${id}`)].map(
      async (id) => (await profileOf(id)).segments,
    ),
  );
  expect(segments.map((keys) => keys.filter((key) => key.startsWith('lapsed_')))).toEqual([
    [firms],
    [buyers],
    [buyers],
    [],
  ]);

  const again = await says({}, [
    { by: carl, groupId: acme, revenue: 20, at: Date.now() },
    { by: bob, groupId: globex, revenue: 20, at: Date.now() },
  ]);
  await areTold(again, [
    [acme, firms, ['entered', 'exited']],
    [globex, firms, ['entered', 'exited']],
    [ann, buyers, ['entered', 'exited']],
    [bob, buyers, ['entered', 'exited']],
  ]);
  expect(await changes(carl, buyers)).toEqual([]);

  const [first] = await attemptsAbout(acme);
  expect(first?.body).toMatchObject({ event: 'Audience Entered', context: { groupId: acme } });
  expect(first?.body).not.toHaveProperty('userId');
  const { profileId } = await profileOf(`group_id:${acme}`);
  await eventually(async () => {
    const log = (await identityLog()).filter((line) => line.profileId === profileId && line.rule === firms);
    expect(log.map(({ kind }) => kind).sort()).toEqual(['enter', 'exit']);
  });
}, 400_000);
