import { beforeEach, describe, expect, it } from 'vitest';
import type { Event } from '../../../lambdas/core/events/event.ts';
import { list, sum } from '../../../lambdas/core/segments/language/compute.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';
import { accounts, profileApi, users } from '../../fixtures/in-memory/profile-api.ts';

const config = configOf({
  segments: [
    { key: 'pro', name: 'Professionals', where: { trait: 'plan', operator: 'equals', value: 'pro' } },
    { key: 'vip', name: 'Very important', where: { trait: 'vip', operator: 'equals', value: true } },
  ],
});

const ann: Event[] = [
  eventOf({
    type: 'page',
    messageId: 'm1',
    anonymousId: 'a/1',
    name: 'Home',
    timestamp: minute(1),
    receivedAt: minute(1),
  }),
  eventOf({
    type: 'identify',
    messageId: 'm2',
    anonymousId: 'a/1',
    userId: 'ann 100%',
    traits: { email: 'Ann@Example.com', plan: 'pro', gone: 'soon' },
    timestamp: minute(2),
    receivedAt: minute(2),
  }),
  eventOf({
    type: 'identify',
    messageId: 'm3',
    userId: 'ann 100%',
    traits: { gone: null, city: 'Łódź' },
    timestamp: minute(3),
    receivedAt: minute(3),
  }),
  eventOf({
    messageId: 'm4',
    userId: 'ann 100%',
    event: 'Order Completed',
    timestamp: minute(4),
    receivedAt: minute(4),
  }),
  eventOf({
    type: 'group',
    messageId: 'm5',
    userId: 'ann 100%',
    groupId: 'acme',
    traits: { industry: 'anvils' },
    timestamp: minute(5),
    receivedAt: minute(5),
  }),
];
const annId = `per_${'1'.padStart(32, '0')}`;
let api: Awaited<ReturnType<typeof profileApi>>;
beforeEach(async () => {
  api = await profileApi(ann, {}, config);
});
const at = (view: string) => `${users}/email:ann%40example.com/${view}`;
const cursor = (view: string, more: object = {}) => ({
  url: `${users}/${annId}/${view}`,
  has_more: false,
  next: '',
  limit: 10,
  ...more,
});

describe('a profile is found', () => {
  it.each([
    'email:ann%40example.com',
    'email:ANN@EXAMPLE.COM',
    `user_id:${encodeURIComponent('ann 100%')}`,
    `anonymous_id:${encodeURIComponent('a/1')}`,
    `profile_id:${annId}`,
    annId,
  ])('by %s', async (profile) =>
    expect(await api.get(`${users}/${profile}/metadata?verbose=true`)).toMatchObject({
      status: 200,
      body: { metadata: { profile_id: annId } },
    }),
  );

  it('behind a path of your own, and with a slash at the end', async () =>
    expect(await api.get(`/profiles${at('metadata')}/`)).toMatchObject({ status: 200 }));

  it('by the id of a profile that was merged into it', async () => {
    const merged = await profileApi([
      eventOf({ userId: 'old', receivedAt: minute(1), timestamp: minute(1) }),
      eventOf({ anonymousId: 'young', receivedAt: minute(2), timestamp: minute(2) }),
      eventOf({ userId: 'old', anonymousId: 'young', receivedAt: minute(3) }),
    ]);
    const [tombstone] = [...merged.table.items.values()].flatMap((item) =>
      item.kind === 'tombstone' ? [item.profileId] : [],
    );
    expect(
      (await merged.get(`${users}/${tombstone}/external_ids`)).body.data.map(({ id }: { id: string }) => id),
    ).toEqual(['old', 'young']);
  });
});

describe('traits', () => {
  const traits = { city: 'Łódź', email: 'Ann@Example.com', plan: 'pro', pro: true, vip: false };

  it('are what events stated and each segment, without removed ones', async () =>
    expect((await api.get(at('traits'))).body).toEqual({ traits, cursor: cursor('traits') }));

  it('come by name, however many they are', async () =>
    expect((await api.get(`${at('traits')}?include=plan,vip,unknown`)).body).toEqual({
      traits: { plan: 'pro', vip: false },
      cursor: cursor('traits', { limit: 200 }),
    }));

  it('of the class audience are the segments', async () =>
    expect((await api.get(`${at('traits')}?class=audience`)).body.traits).toEqual({ pro: true, vip: false }));

  it('of the class computed_trait are none where none is defined', async () =>
    expect((await api.get(`${at('traits')}?class=computed_trait`)).body.traits).toEqual({}));

  it('come verbosely with who said so, and when', async () =>
    expect((await api.get(`${at('traits')}?verbose=true&include=plan,pro,vip`)).body.traits).toEqual({
      plan: { value: 'pro', source_id: 'shop', updated_at: minute(2) },
      pro: { value: true, source_id: null, updated_at: minute(2) },
      vip: { value: false, source_id: null, updated_at: null },
    }));

  it('that are not kept are told of verbosely, with how large they were', async () => {
    const long = eventOf({
      type: 'identify',
      userId: 'u',
      timestamp: minute(1),
      traits: { cart: 'x'.repeat(9000), plan: 'pro' },
    });
    const large = await profileApi([long]);
    const plain = await large.get(`${users}/user_id:u/traits?include=cart,plan`);
    expect(plain.body.traits).toEqual({ plan: 'pro' });
    const verbose = await large.get(`${users}/user_id:u/traits?include=cart&verbose=true`);
    expect(verbose.body.traits).toEqual({
      cart: { value: null, source_id: 'shop', updated_at: minute(1), not_kept_bytes: 9002 },
    });
  });

  it('come page by page', async () => {
    const first = await api.get(`${at('traits')}?limit=2`);
    expect(first.body).toEqual({
      traits: { city: 'Łódź', email: 'Ann@Example.com' },
      cursor: cursor('traits', { has_more: true, next: 'plan', limit: 2 }),
    });
    const rest = await api.get(`${first.body.cursor.url}?limit=3&next=${first.body.cursor.next}`);
    expect(rest.body).toEqual({
      traits: { plan: 'pro', pro: true, vip: false },
      cursor: cursor('traits', { limit: 3 }),
    });
  });
});

describe('computed traits', () => {
  const withTraits = configOf({
    segments: [{ key: 'rich', name: 'Rich', where: { trait: 'spent_10m', operator: 'atLeast', value: 7 } }],
    traits: [
      { key: 'spent_10m', compute: sum('Order Completed', 'revenue').within('10m') },
      { key: 'colours', compute: list('Order Completed', 'colour') },
      { key: 'rich', compute: list('Order Completed', 'colour') },
      { key: 'last_colour', compute: { kind: 'last', event: 'Painted', property: 'colour' } },
    ],
  });
  const order = (at: number, properties: object) =>
    eventOf({ userId: 'u', event: 'Order Completed', timestamp: minute(at), receivedAt: minute(at), properties });
  const stated = { city: 'Oslo', spent_10m: 'a lie', last_colour: 'a lie' };
  const events = [
    eventOf({ type: 'identify', userId: 'u', timestamp: minute(1), receivedAt: minute(1), traits: stated }),
    eventOf({ type: 'group', userId: 'u', groupId: 'g', timestamp: minute(1), receivedAt: minute(1), traits: stated }),
    order(2, { revenue: '2.5', colour: 'red' }),
    order(5, { revenue: 5, colour: ['blue', 'red'] }),
  ];
  const traitsAt = async (now: string, query = '', profile = `${users}/user_id:u`) =>
    (await (await profileApi(events, { now: () => Date.parse(now) }, withTraits)).get(`${profile}/traits${query}`)).body
      .traits;

  it('hide stated traits of their names, and segments hide both', async () =>
    expect(await traitsAt(minute(5))).toEqual({ city: 'Oslo', colours: ['blue', 'red'], rich: true, spent_10m: 7.5 }));

  it('are of their class, as segments are of the other', async () => {
    expect(await traitsAt(minute(5), '?class=computed_trait&include=spent_10m,city')).toEqual({ spent_10m: 7.5 });
    expect(await traitsAt(minute(5), '?class=audience')).toEqual({ rich: true });
  });

  it.each([
    { now: minute(0), value: 7.5, at: minute(5), when: 'never before the latest event' },
    { now: new Date(Date.parse(minute(12)) - 1).toISOString(), value: 7.5, when: 'until the first order is too old' },
    { now: minute(12), value: 5, when: 'when it is' },
    { now: minute(15), value: 0, when: 'when all are' },
  ])('are as of now: $value $when', async ({ now, value, at = now }) =>
    expect(await traitsAt(now, '?verbose=true&include=spent_10m')).toEqual({
      spent_10m: { value, source_id: null, updated_at: at },
    }),
  );

  it('are of people only: an account has the trait that was stated', async () =>
    expect(await traitsAt(minute(5), '', `${accounts}/group_id:g`)).toEqual(stated));
});

describe('the other views', () => {
  const externalId = (type: string, id: string, created_at: string) => ({
    ...{ source_id: null, collection: 'users', id, type, created_at, encoding: 'none', first_message_id: null },
  });

  it('external_ids, first seen first', async () => {
    const { body } = await api.get(at('external_ids'));
    expect(body.cursor).toEqual(cursor('external_ids'));
    expect(body.data[0]).toEqual(externalId('anonymous_id', 'a/1', minute(1)));
    expect(body.data).toHaveLength(3);
    expect(body.data).toContainEqual(externalId('user_id', 'ann 100%', minute(2)));
    expect((await api.get(`${at('external_ids')}?include=email`)).body.data).toEqual([
      externalId('email', 'ann@example.com', minute(2)),
    ]);
  });

  it('names nobody in a cursor', async () => {
    const { next } = (await api.get(`${at('external_ids')}?limit=2`)).body.cursor;
    expect(next).toMatch(/^2026-05-01T00:02:00\.000Z\.[\w-]{9}$/);
  });

  const events = async (query: string) =>
    (await api.get(`${at('events')}?${query}`)).body.data.map(({ message_id }: { message_id: string }) => message_id);
  it('events, newest first', async () => {
    const { body } = await api.get(`${at('events')}?include=Order%20Completed`);
    expect(body.data).toEqual([
      {
        ...{ external_ids: [], context: {}, properties: {}, related: { users: annId } },
        ...{ type: 'track', event: 'Order Completed', message_id: 'm4', source_id: 'shop', timestamp: minute(4) },
      },
    ]);
    expect(await events('')).toEqual(['m5', 'm4', 'm3', 'm2', 'm1']);
    expect(await events('sort=asc&limit=2')).toEqual(['m1', 'm2']);
    expect(await events('exclude=Order%20Completed,Home')).toEqual(['m5', 'm3', 'm2']);
    expect(await events(`start=${minute(2)}&end=${minute(4)}`)).toEqual(['m3', 'm2']);
  });

  it('metadata', async () =>
    expect((await api.get(at('metadata'))).body).toEqual({
      metadata: {
        ...{ created_at: minute(1), updated_at: minute(5), expires_at: null },
        ...{ first_message_id: null, first_source_id: null, last_message_id: 'm5', last_source_id: 'shop' },
      },
    }));

  it('links: the accounts of a person', async () =>
    expect((await api.get(at('links'))).body).toEqual({
      data: [
        {
          to_collection: 'accounts',
          external_ids: [{ ...externalId('group_id', 'acme', minute(5)), collection: 'accounts' }],
        },
      ],
      cursor: cursor('links'),
    }));

  it('segments a person is in, and since when', async () =>
    expect((await api.get(at('segments'))).body).toEqual({
      data: [{ key: 'pro', name: 'Professionals', entered_at: minute(2) }],
      cursor: cursor('segments'),
    }));
});

describe('an account', () => {
  it('has the traits of its group calls, and is in no segment', async () => {
    const { body } = await api.get(`${accounts}/group_id:acme/traits`);
    expect(body.traits).toEqual({ industry: 'anvils' });
    expect(body.cursor.url).toMatch(/^\/v1\/spaces\/cdp\/collections\/accounts\/profiles\/acc_/);
    expect((await api.get(`${accounts}/group_id:acme/events`)).body.data).toMatchObject([
      { type: 'group', related: { accounts: expect.stringMatching(/^acc_/) } },
    ]);
  });

  it.each([`${users}/group_id:acme/traits`, `${accounts}/email:ann@example.com/traits`, `${accounts}/${annId}/traits`])(
    'is no person, and no person is one: %s',
    async (path) => expect(await api.get(path)).toMatchObject({ status: 404 }),
  );
});
