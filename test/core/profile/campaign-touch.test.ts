import { describe, expect, it } from 'vitest';
import { joinTouches, touchOf } from '../../../lambdas/core/profile/campaign-touch.ts';
import { eventOf, minute } from '../../fixtures/events.ts';

const own = 'https://shop.example/pay';
const came = (context: object | undefined) => touchOf(eventOf({ messageId: 'm1', timestamp: minute(1), context }));
const touch = { messageId: 'm1', timestamp: minute(1) };

describe('how somebody came', () => {
  it.each([
    {
      name: 'by a campaign',
      context: { campaign: { source: 'mail', medium: '', term: 7, other: 'x' } },
      expected: { ...touch, campaign: { source: 'mail' } },
    },
    {
      name: 'by all that a campaign says',
      context: { campaign: { source: 's', medium: 'm', name: 'n', term: 't', content: 'c' } },
      expected: { ...touch, campaign: { source: 's', medium: 'm', name: 'n', term: 't', content: 'c' } },
    },
    {
      name: 'by a long campaign, cut',
      context: { campaign: { source: 's'.repeat(101) } },
      expected: { ...touch, campaign: { source: 's'.repeat(100) } },
    },
    {
      name: 'from elsewhere',
      context: { page: { referrer: 'https://news.example/story?a#b', url: own } },
      expected: { ...touch, referrer: 'https://news.example/story' },
    },
    {
      name: 'from elsewhere, to nobody knows where',
      context: { page: { referrer: 'https://news.example/' } },
      expected: { ...touch, referrer: 'https://news.example/' },
    },
    {
      name: 'from elsewhere, to what is no address',
      context: { page: { referrer: 'https://news.example/', url: 'pay' } },
      expected: { ...touch, referrer: 'https://news.example/' },
    },
    {
      name: 'from elsewhere, to what is no text',
      context: { page: { referrer: 'https://shop.example/', url: [own] } },
      expected: { ...touch, referrer: 'https://shop.example/' },
    },
    {
      name: 'from a long address, cut',
      context: { page: { referrer: `https://a.example/${'x'.repeat(400)}` } },
      expected: { ...touch, referrer: `https://a.example/${'x'.repeat(282)}` },
    },
  ])('$name', ({ context, expected }) => expect(came(context)).toStrictEqual(expected));

  it.each([
    { name: 'nothing said', context: undefined },
    { name: 'an empty campaign', context: { campaign: { source: '' } } },
    { name: 'a page of their own', context: { page: { referrer: 'https://shop.example/cart', url: own } } },
    { name: 'no address', context: { page: { referrer: 'somewhere', url: own } } },
    { name: 'an address without a host', context: { page: { referrer: 'about:blank', url: own } } },
    { name: 'an address that is no text', context: { page: { referrer: ['https://news.example/'], url: own } } },
  ])('is not told by $name', ({ context }) => expect(came(context)).toBeUndefined());
});

it.each([
  {
    name: 'the earlier and the later',
    a: { timestamp: minute(1), messageId: 'm2' },
    b: { timestamp: minute(2), messageId: 'm1' },
  },
  {
    name: 'of one instant the smaller and the greater message',
    a: { timestamp: minute(1), messageId: 'm1' },
    b: { timestamp: minute(1), messageId: 'm2' },
  },
])('remembers $name, in any order', ({ a, b }) => {
  const [ofA, ofB] = [a, b].map((touch) => ({ first: touch, last: touch }));
  expect(joinTouches(ofA ?? {}, ofB ?? {})).toEqual({ first: a, last: b });
  expect(joinTouches(ofB ?? {}, ofA ?? {})).toEqual({ first: a, last: b });
  expect(joinTouches({}, ofA ?? {})).toEqual(ofA);
  expect(joinTouches(ofA ?? {}, {})).toEqual(ofA);
});
