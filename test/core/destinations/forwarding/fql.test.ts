import { describe, expect, it } from 'vitest';
import { fqlCondition, fqlFlaw } from '../../../../lambdas/core/destinations/forwarding/fql.ts';
import { eventOf } from '../../../fixtures/events.ts';

const order = eventOf({
  event: 'Order Completed',
  userId: 'ann',
  properties: { total: 120.5, currency: 'EUR', paid: true, items: { count: 2 } },
  context: { locale: 'de-DE' },
});

describe('a condition in FQL', () => {
  it.each([
    ['type = "track"', true],
    ['type = "identify"', false],
    ['type != "page"', true],
    ['event = "Order Completed" and properties.total > 100', true],
    ['event = "Order Completed" and properties.total > 120.5', false],
    ['event = "Refund" or properties.currency = "EUR"', true],
    ['type = "track" and (event = "Refund" or properties.paid = true)', true],
    ['properties.items.count >= 2', true],
    ['properties.coupon = null', true],
    ['properties.coupon != null', false],
    ['contains(context.locale, "DE")', true],
    ['!contains(event, "Order")', false],
    ['match(event, "Order*")', true],
    ['match(event, "*Completed")', true],
    ['userId = null', false],
    ['  type   =   "track"  ', true],
  ])('%s is %s of an order', (fql, holds) => {
    expect(fqlFlaw(fql)).toBeUndefined();
    expect(fqlCondition(fql)(order)).toBe(holds);
  });

  it.each([
    { what: 'nothing', fql: '' },
    { what: 'no condition', fql: 'everything' },
    { what: 'a field that the parser skips', fql: 'typ = "track"' },
    { what: 'a skipped field behind a known one', fql: 'type = "track" and evnt = "Order Completed"' },
    { what: 'a field that FQL lacks', fql: 'type = "track" and anonymousId = "a"' },
    {
      what: '"and" beside "or", of which the parser keeps the last',
      fql: 'type = "track" and event = "A" or event = "B"',
    },
    { what: 'parentheses in parentheses', fql: 'type = "track" and (event = "A" or (event = "B" and userId = "x"))' },
    { what: 'a function in parentheses', fql: 'type = "track" and (contains(event, "A") or event = "B")' },
    { what: 'an unknown function', fql: 'typeof(event, "string")' },
    { what: 'a type that no event has', fql: 'type = "trck"' },
    { what: 'a number in quotes behind >', fql: 'properties.total > "100"' },
    { what: 'a text behind >', fql: 'properties.total > "much"' },
    { what: 'match() without *', fql: 'match(event, "Order")' },
    { what: 'match() with two', fql: 'match(event, "*Order*")' },
    { what: 'an open parenthesis', fql: '(type = "track"' },
    { what: 'an open text', fql: 'type = "track' },
    { what: 'no value', fql: 'type =' },
    { what: 'the word of another language', fql: 'type == "track"' },
  ])('is refused with $what', ({ fql }) => {
    expect(fqlFlaw(fql)).toMatch(/^(must be|compares|can have)/);
  });

  it('says what the parser reads', () =>
    expect(fqlFlaw('type = "track" and evnt = "A"')).toBe(
      'must be all that Segment\'s parser reads of it: type = "track"',
    ));
});
