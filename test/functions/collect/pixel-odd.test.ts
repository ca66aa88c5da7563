import { describe, expect, it } from 'vitest';
import { browserKey, collectInMemory } from '../../fixtures/in-memory/collect.ts';

const asked = `writeKey=${browserKey}&userId=u&event=E`;

/** Asks for the picture, and gives what became of it. */
async function pixel(query: string) {
  const collect = collectInMemory();
  const { status, headers } = await collect.request({ method: 'GET', path: '/pixel/v1/track', query });
  expect({ status, type: headers?.['content-type'] }).toEqual({ status: 200, type: 'image/gif' });
  return { events: collect.events(), refused: collect.quarantined() };
}

describe('the parameters of a pixel', () => {
  it.each<{ name: string; query: string; event: Record<string, unknown> }>([
    {
      name: 'the last of a name that is given twice',
      query: 'properties.a=1&properties.a=2',
      event: { properties: { a: '2' } },
    },
    { name: 'a text and then what is in it', query: 'properties=x&properties.a=1', event: { properties: { a: '1' } } },
    {
      name: 'what is in a name and then a text',
      query: 'properties.a.b=1&properties.a=2',
      event: { properties: { a: '2' } },
    },
    {
      name: 'words that every object has',
      query: 'properties.constructor.x=1&toString=2',
      event: { properties: { constructor: { x: '1' } }, toString: '2' },
    },
    { name: 'empty names', query: 'properties..x=1&=2', event: { properties: { '': { x: '1' } }, '': '2' } },
    { name: 'a NUL', query: '%00=%00', event: { '\u0000': '\u0000' } },
    { name: 'a type that the path overrules', query: 'type=page', event: { type: 'track' } },
    { name: 'brackets, which are only letters', query: 'traits[email]=x', event: { 'traits[email]': 'x' } },
    { name: 'a time that nobody can read', query: 'timestamp=yesterday', event: { originalTimestamp: 'yesterday' } },
    {
      name: 'more than ten levels, each name by itself',
      query: 'a.b.c.d.e.f.g.h.i.j.k=1&a.b.c.d.e.f.g.h.i.j.l=2',
      event: { a: { b: { c: { d: { e: { f: { g: { h: { i: { 'j.k': '1', 'j.l': '2' } } } } } } } } } },
    },
  ])('are read: $name', async ({ query, event }) => {
    const { events, refused } = await pixel(`${asked}&${query}`);
    expect(events).toMatchObject([{ userId: 'u', event: 'E', ...event }]);
    expect(refused).toEqual([]);
  });

  it.each([
    { query: 'properties.__proto__.x=1', field: 'properties.__proto__' },
    { query: '__proto__.x=1', field: '__proto__' },
    { query: 'properties.a=1&properties=x', field: 'properties' },
    { query: 'userId=', field: 'userId' },
  ])('cost the event and go to quarantine: $query', async ({ query, field }) => {
    const { events, refused } = await pixel(`${asked}&${query}`);
    expect(events).toEqual([]);
    expect(refused).toMatchObject([{ field, sourceId: 'web' }]);
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});
