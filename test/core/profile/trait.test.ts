import { expect, it } from 'vitest';
import { joinTrait, type Trait, traitsOfAccount, traitsOfPerson } from '../../../lambdas/core/profile/trait.ts';
import { eventOf, minute } from '../../fixtures/events.ts';

const stated = (n: number, messageId: string, value: unknown): Trait => ({
  value,
  timestamp: minute(n),
  messageId,
  sourceId: 'shop',
});

it.each([
  { name: 'the later', a: stated(1, 'm2', 'old'), b: stated(2, 'm1', 'new'), value: 'new' },
  { name: 'of one instant the greater message', a: stated(1, 'm1', 'z'), b: stated(1, 'm2', 'a'), value: 'a' },
  { name: 'of one message sent twice the greater value', a: stated(1, 'm1', 1), b: stated(1, 'm1', 2), value: 2 },
])('of two values stands $name, whichever came first', ({ a, b, value }) => {
  expect(joinTrait(a, b).value).toBe(value);
  expect(joinTrait(b, a).value).toBe(value);
});

it('the first value stands until there is another, and an equal one changes nothing', () => {
  const [first, same] = [stated(1, 'm1', 'x'), stated(1, 'm1', 'x')];
  expect(joinTrait(undefined, first)).toBe(first);
  expect(joinTrait(first, same)).toBe(first);
});

it.each([
  { name: 'an identify', event: { type: 'identify', traits: { plan: 'pro' } }, person: { plan: 'pro' }, account: {} },
  {
    name: 'an identify, over its context',
    event: { type: 'identify', traits: { plan: 'pro' }, context: { traits: { plan: 'free', city: 'Rome' } } },
    person: { plan: 'pro', city: 'Rome' },
    account: {},
  },
  {
    name: 'a group',
    event: { type: 'group', groupId: 'g', traits: { plan: 'pro' } },
    person: {},
    account: { plan: 'pro' },
  },
  {
    name: 'a track',
    event: { traits: { plan: 'pro' }, context: { traits: { plan: 'pro' } } },
    person: {},
    account: {},
  },
])('$name states traits of whom it is about', ({ event, person, account }) => {
  expect(traitsOfPerson(eventOf(event))).toEqual(person);
  expect(traitsOfAccount(eventOf(event))).toEqual(account);
});
