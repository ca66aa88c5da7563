import { describe, expect, it } from 'vitest';
import { journey, people } from '../fixtures/in-memory/journey.ts';
import { accounts, users } from '../fixtures/in-memory/profile-api.ts';

type Journey = Awaited<ReturnType<typeof journey>>;

/** What is shown of one person's traits, all pages at once. */
const traitsOf = async ({ get }: Journey, address: string, list = users): Promise<Record<string, unknown>> =>
  (await get(`${list}/${address}/traits?limit=200`)).body.traits;

/** Every event arrived, and nothing of it was put aside on the way. */
const wentThrough = ({ answer, quarantined, refused, stitched }: Journey) =>
  expect({ status: answer.status, body: answer.body, quarantined, refused, stitched }).toEqual({
    ...{ status: 200, body: { success: true }, quarantined: [], refused: [], stitched: { batchItemFailures: [] } },
  });

describe('a NUL', () => {
  const nul = '\u0000';
  it.each([
    {
      name: 'an id',
      event: { type: 'identify', userId: `a${nul}b`, traits: { x: 1 } },
      at: `user_id:a${nul}b`,
      traits: { x: 1 },
    },
    {
      name: 'all of an id',
      event: { type: 'identify', userId: nul, traits: { x: 1 } },
      at: `user_id:${nul}`,
      traits: { x: 1 },
    },
    {
      name: 'a trait and its name',
      event: { type: 'identify', userId: 'u', traits: { [nul]: nul, [`a${nul}`]: [nul] } },
      at: 'user_id:u',
      traits: { [nul]: nul, [`a${nul}`]: [nul] },
    },
    {
      name: 'an address and a phone',
      event: { type: 'identify', userId: 'u', traits: { email: `a${nul}@x.example`, phone: `+12015550123${nul}` } },
      at: 'user_id:u',
      traits: { email: `a${nul}@x.example`, phone: `+12015550123${nul}` },
    },
    {
      name: 'an event and its properties',
      event: { type: 'track', userId: 'u', event: nul, properties: { [nul]: nul } },
      at: 'user_id:u',
      traits: {},
    },
    {
      name: 'a messageId',
      event: { type: 'page', userId: 'u', messageId: nul, name: nul },
      at: 'user_id:u',
      traits: {},
    },
    {
      name: 'everything of a context',
      event: {
        type: 'page',
        userId: 'u',
        context: {
          [nul]: nul,
          consent: { categoryPreferences: { [nul]: false } },
          campaign: { name: nul },
          page: { referrer: nul },
          device: { type: nul, id: `${nul}d` },
          externalIds: [{ id: nul, type: 'crm_id', collection: 'users', encoding: 'none' }],
        },
      },
      at: `crm_id:${nul}`,
      traits: {},
    },
    {
      name: 'a field of no call',
      event: { type: 'page', userId: 'u', [nul]: { [nul]: nul } },
      at: 'user_id:u',
      traits: {},
    },
  ])('in $name costs nothing', async ({ event, at, traits }) => {
    const gone = await journey([event, { type: 'page', userId: 'another' }]);
    wentThrough(gone);
    expect(gone.streamed[0]).toMatchObject(event);
    expect(await traitsOf(gone, encodeURIComponent(at))).toEqual(traits);
    expect((await gone.get(`${users}/user_id:another/metadata?verbose=true`)).body.metadata.event_count).toBe(1);
  });

  it('in a group’s id and traits belongs to the account', async () => {
    const gone = await journey([{ type: 'group', userId: 'u', groupId: `${nul}g`, traits: { [nul]: nul } }]);
    wentThrough(gone);
    expect(await traitsOf(gone, encodeURIComponent(`group_id:${nul}g`), accounts)).toEqual({ [nul]: nul });
  });
});

describe('names that collide', () => {
  it('of one object: the last one counts, in the stream and in the profile', async () => {
    const gone = await journey([
      '{"type":"page","type":"identify","userId":"u","userId":"v","traits":{"a":1,"a":2,"b":{"c":1,"c":{"d":3}}}}',
    ]);
    wentThrough(gone);
    expect(gone.raw).toMatch(/"traits":\{"a":2,"b":\{"c":\{"d":3\}\}\}/);
    expect(people(gone.table)).toEqual([['user_id:v']]);
    expect(await traitsOf(gone, 'user_id:v')).toEqual({ a: 2, b: { c: { d: 3 } } });
  });

  it('but for case, composition or width are names of their own', async () => {
    const traits = {
      plan: 1,
      Plan: 2,
      PLAN: 3,
      'caf\u00e9': 4,
      'cafe\u0301': 5,
      fi: 6,
      '\ufb01': 7,
      a: 8,
      'a ': 9,
      'a\u200b': 10,
    };
    const gone = await journey([{ type: 'identify', userId: 'u', traits }]);
    wentThrough(gone);
    expect(await traitsOf(gone, 'user_id:u')).toEqual(traits);
  });

  it('with a field but for case are no field', async () => {
    const gone = await journey([
      {
        type: 'identify',
        anonymousId: 'a',
        UserId: 'u',
        userid: 'v',
        Traits: { x: 1 },
        traits: { Email: 'a@x.example' },
      },
    ]);
    wentThrough(gone);
    expect(people(gone.table)).toEqual([['anonymous_id:a']]);
  });
});

it('1,500 properties arrive, and 1,500 traits leave the profile within its bound and in use', async () => {
  const many = Object.fromEntries(Array.from({ length: 1500 }, (_, n) => [`p${n}`, n]));
  const gone = await journey([
    { type: 'track', event: 'E', userId: 'u', properties: many },
    { type: 'identify', userId: 'u', traits: many },
    { type: 'identify', userId: 'u', anonymousId: 'a', traits: { last: true } },
  ]);
  wentThrough(gone);
  expect(gone.streamed.map((event) => Object.keys(Object(event.properties ?? event.traits)).length)).toEqual([
    1500, 1500, 1,
  ]);
  expect((await gone.get(`${users}/anonymous_id:a/metadata?verbose=true`)).body.metadata.event_count).toBe(3);
  expect(people(gone.table)).toEqual([['anonymous_id:a', 'user_id:u']]);
});

it('one name in ten types over ten events is each time what was said last', async () => {
  const values = [1, '1', true, [1], { a: 1 }, 1.5, '', [], {}, null];
  for (let stated = 1; stated <= values.length; stated += 1) {
    const events = values
      .slice(0, stated)
      .map((x, n) => ({ type: 'identify', userId: 'u', timestamp: `2026-11-23T10:00:0${n}Z`, traits: { x } }));
    const tracks = values.slice(0, stated).map((x) => ({ type: 'track', event: 'E', userId: 'u', properties: { x } }));
    const gone = await journey([...events, ...tracks]);
    wentThrough(gone);
    const last = values[stated - 1];
    expect(await traitsOf(gone, 'user_id:u')).toEqual(last === null ? {} : { x: last });
  }
});

describe.each([
  { year: '0001', day: '0001-01-01T00:00:00.000Z' },
  { year: '1582', day: '1582-10-10T12:00:00.000Z' },
])('the year $year', ({ day }) => {
  it('is when an event happened, and takes no later word’s place', async () => {
    const stated = (x: string, timestamp?: string) => ({
      type: 'identify',
      userId: 'u',
      traits: { x },
      ...(timestamp && { timestamp }),
    });
    const gone = await journey([stated('today'), stated('then', day)]);
    wentThrough(gone);
    expect(gone.streamed[1]).toMatchObject({ timestamp: day, originalTimestamp: day });
    expect(await traitsOf(gone, 'user_id:u')).toEqual({ x: 'today' });
    expect((await gone.get(`${users}/user_id:u/metadata?verbose=true`)).body.metadata.first_seen).toBe(day);
    expect((await gone.get(`${users}/user_id:u/events?start=${day}&end=2026-01-01`)).body.data).toHaveLength(1);
  });
});

it('the year 9999 is the time of receipt', async () => {
  const gone = await journey([
    { type: 'identify', userId: 'u', traits: { x: 1 }, timestamp: '9999-12-31T23:59:59.999Z' },
  ]);
  wentThrough(gone);
  expect(gone.streamed[0]).toMatchObject({
    timestamp: gone.streamed[0]?.receivedAt,
    originalTimestamp: '9999-12-31T23:59:59.999Z',
  });
});
