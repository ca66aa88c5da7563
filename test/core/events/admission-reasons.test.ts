import { expect, it } from 'vitest';
import { admit } from '../../../lambdas/core/events/admission.ts';

const arrival = { sourceId: 'web', receivedAt: Date.parse('2026-05-01T10:00:00.000Z'), newId: () => 'made' };
const call = (fields: object) => ({ type: 'track', event: 'x', userId: 'u', ...fields });
const judged = (item: unknown, damaged = false) => admit({ items: [call({}), item], shared: {} }, arrival, damaged);

it.each([
  {
    name: 'no object',
    item: 'x',
    rejection: { kind: 'invalid', reason: 'must be a JSON object; got a text of 1 character' },
  },
  { name: 'a missing field', item: { type: 'track', userId: 'u' }, rejection: { kind: 'invalid', field: 'event' } },
  {
    name: 'more bytes than an event may have',
    item: call({ properties: { text: 'x'.repeat(33_000) } }),
    rejection: { kind: 'too_large', field: '', reason: expect.stringMatching(/^is larger than 32 KB; got \d+ bytes$/) },
  },
  {
    name: 'as many characters and more bytes',
    item: call({ properties: { text: 'é'.repeat(20_000) } }),
    rejection: { kind: 'too_large', field: '' },
  },
  {
    name: 'bytes that are not UTF-8',
    item: call({ event: '\uFFFD' }),
    damaged: true,
    rejection: { kind: 'invalid', reason: 'holds bytes that are not UTF-8' },
  },
])('turns away $name, and nothing else of the request', ({ item, damaged, rejection }) => {
  const { accepted, rejected } = judged(item, damaged);
  expect(accepted).toHaveLength(1);
  expect(rejected).toMatchObject([{ item, rejection: { index: 1, ...rejection } }]);
});

it.each([
  { name: 'an event just below the limit', item: call({ properties: { text: 'é'.repeat(15_000) } }), damaged: false },
  { name: 'a replacement character in a body that is whole', item: call({ event: '\uFFFD' }), damaged: false },
  { name: 'a whole event of a damaged body', item: call({}), damaged: true },
])('takes $name', ({ item, damaged }) => expect(judged(item, damaged).rejected).toEqual([]));

it('keeps the events of a person together, by the device first', () => {
  const persons = [call({ anonymousId: 'd' }), call({}), { type: 'page', anonymousId: 'e' }];
  expect(admit({ items: persons, shared: {} }, arrival).accepted.map(({ person }) => person)).toEqual(['d', 'u', 'e']);
});
