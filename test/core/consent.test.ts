import { expect, it } from 'vitest';
import { consentOf, joinConsent, statementsOf } from '../../lambdas/core/consent.ts';
import { eventOf, minute } from '../fixtures/events.ts';

const said = (granted: boolean, n: number, messageId = 'm1') => ({ granted, timestamp: minute(n), messageId });

it.each([
  { name: 'the later', a: said(false, 1), b: said(true, 2), stands: said(true, 2) },
  { name: 'of one instant the stricter', a: said(true, 1, 'm2'), b: said(false, 1, 'm1'), stands: said(false, 1, 'm1') },
  { name: 'of two alike the greater message', a: said(true, 1, 'm1'), b: said(true, 1, 'm2'), stands: said(true, 1, 'm2') },
])('of two statements stands $name, whichever came first', ({ a, b, stands }) => {
  expect(joinConsent(a, b)).toEqual(stands);
  expect(joinConsent(b, a)).toEqual(stands);
  expect(joinConsent(undefined, a)).toBe(a);
});

const saying = (categoryPreferences: unknown) =>
  eventOf({ messageId: 'm1', timestamp: minute(1), userId: 'u', context: { consent: { categoryPreferences } } });

it.each([
  {
    name: 'a yes and a no',
    preferences: { ads: true, mail: false },
    keys: [
      ['ads|anonymous_id:a', true],
      ['mail|anonymous_id:a', false],
    ],
  },
  { name: 'text, which is neither', preferences: { ads: 'true', mail: null }, keys: [] },
  { name: 'no preferences', preferences: undefined, keys: [] },
])('$name, under the device it was said on', ({ preferences, keys }) => {
  const statements = statementsOf(saying(preferences), ['user_id:u', 'anonymous_id:a']);
  expect(statements).toEqual(keys.map(([key, granted]) => [key, { granted, timestamp: minute(1), messageId: 'm1' }]));
});

it('counts for nobody when nobody is named, or nothing is said', () => {
  expect(statementsOf(saying({ ads: true }), [])).toEqual([]);
  expect(statementsOf(eventOf({ userId: 'u' }), ['user_id:u'])).toEqual([]);
});

it('grants what nobody refused', () =>
  expect(
    consentOf(
      new Map([
        ['ads|a:1', said(true, 1)],
        ['ads|a:2', said(false, 1)],
        ['ads|a:3', said(true, 1)],
        ['mail|a:1', said(true, 1)],
      ]),
    ),
  ).toEqual(
    new Map([
      ['ads', false],
      ['mail', true],
    ]),
  ));
