import { describe, expect, it } from 'vitest';
import type { Hook } from '../../fixtures/catalogue/deployed.ts';
import { eventually } from '../observed/eventually.ts';
import { heardBy, received } from '../observed/received.ts';
import { post } from '../observed/requests.ts';
import { untilStitched } from '../observed/stream-order.ts';
import { unique } from '../platform/deployment.ts';
import { whilePaused } from './delivering.ts';
import { inQueue } from './people.ts';

const hour = 3_600_000;
const began = Date.now();

/** What somebody pays, and for what, so many hours ago. */
async function pays(who: object, amount: number, colour: string, hoursAgo = 1): Promise<void> {
  const timestamp = new Date(began - hoursAgo * hour).toISOString();
  const { status } = await post('/v1/track', { ...who, event: 'Paid', properties: { amount, colour }, timestamp });
  expect(status).toBeLessThan(300);
}

interface Told {
  readonly type: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly groupId?: string;
  readonly traits: object;
  readonly context: { readonly personas: Readonly<Record<string, string>> };
}

/** The calls about traits of a person or an account that a destination has received, by name. */
async function traitsTold(id: Hook, name: string): Promise<Told[]> {
  const told = (await heardBy(id)).map((heard) => heard.told as unknown as Told);
  return told.filter(
    ({ type, ...call }) =>
      (type === 'identify' || type === 'group') && [call.userId, call.anonymousId, call.groupId].includes(name),
  );
}

const valuesOf = async (id: Hook, name: string, trait: string): Promise<unknown[]> =>
  (await traitsTold(id, name)).flatMap(({ traits }) => new Map(Object.entries(traits)).get(trait) ?? []);
const isTold = (name: string, trait: string, values: readonly unknown[]) =>
  eventually(async () => expect(await valuesOf('reckoning', name, trait)).toEqual(values));

describe('values of computed traits', () => {
  it('of a person are told when they change, after late events and merges, under all names, and each once', async () => {
    const [anonymousId, userId] = [unique('pays-unknown'), unique('pays-known')];
    await pays({ anonymousId }, 4, 'green', 3);
    await isTold(anonymousId, 'paid', [4]);
    await pays({ userId }, 10, 'red', 1);
    await isTold(userId, 'paid', [10]);
    await pays({ userId }, 5, 'blue', 2);
    await isTold(userId, 'paid', [10, 15]);
    await post('/v1/identify', { userId, anonymousId });
    await isTold(anonymousId, 'paid', [4, 19]);
    await isTold(anonymousId, 'colour', ['green', 'red']);
    await untilStitched('after-the-merge-of-payers');
    await eventually(async () => expect(await inQueue('reckoning')).toBe(0));
    await isTold(userId, 'paid', [10, 15, 19]);
    // What happened before the last payment is no news of its colour.
    await isTold(userId, 'colour', ['red']);
    expect((await traitsTold('reckoning', userId)).at(0)).toMatchObject({
      ...{ type: 'identify', userId },
      context: { personas: { computation_class: 'trait', namespace: 'cdp' } },
    });
  });

  it('of an account are told by group calls, whoever of its people adds to them', async () => {
    const groupId = unique('paying-firm');
    for (const [userId, amount, sum] of [
      ['buyer', 7, 7],
      ['other-buyer', 8, 15],
    ] as const) {
      await pays({ userId: unique(userId), context: { groupId } }, amount, 'red');
      await eventually(async () => expect((await valuesOf('reckoning', groupId, 'earned')).at(-1)).toBe(sum));
    }
    expect(await traitsTold('reckoning', groupId)).toMatchObject([
      { type: 'group', groupId, traits: { earned: 7 }, context: { personas: { computation_key: 'earned' } } },
      { type: 'group', groupId, traits: { earned: 15 } },
    ]);
  });

  it('reach a tool of the catalogue as the identify call that its presets want', async () => {
    const userId = unique('pays-for-a-tool');
    await pays({ userId }, 12, 'red');
    const profiles = await eventually(async () => {
      const sent = (await received()).filter(
        ({ url, body }) => /mixpanel\.com\/engage/.test(url) && body.includes(userId),
      );
      expect(sent).not.toEqual([]);
      return sent.map(({ method, body }) => [method, JSON.parse(new URLSearchParams(body).get('data') ?? body)]);
    });
    expect(profiles).toMatchObject([['POST', { $distinct_id: userId, $set: { paid: 12 } }]]);
  });
});

it('an event and a value that wait are not sent once their person has withdrawn the consent', async () => {
  const [withdrawn, kept] = [unique('withdraws-with-events'), unique('keeps-with-events')];
  const consenting = (marketing: boolean) => ({ context: { consent: { categoryPreferences: { marketing } } } });
  const waits = (count: number) => eventually(async () => expect(await inQueue('watching')).toBe(count));
  const heard = async (userId: string) =>
    (await heardBy('watching', userId)).map(({ told }) => told as unknown as Told);
  await whilePaused('watching', async () => {
    // A parcel with the event, and a message about the value.
    await pays({ userId: withdrawn, ...consenting(true) }, 3, 'red');
    await waits(2);
    await pays({ userId: kept, ...consenting(true) }, 3, 'red');
    await waits(4);
    await post('/v1/identify', { userId: withdrawn, ...consenting(false) });
    await untilStitched('after-the-withdrawal-of-events');
  });
  await eventually(async () =>
    expect((await heard(kept)).map(({ type }) => type).sort()).toEqual(['identify', 'track']),
  );
  await waits(0);
  expect(await heard(withdrawn)).toEqual([]);
});
