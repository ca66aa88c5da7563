import { describe, expect, it } from 'vitest';
import { mayBeForwarded, type Receiver, routesOf } from '../../../../lambdas/core/destinations/forwarding/route.ts';
import { eventOf } from '../../../fixtures/events.ts';

const receiver = (fields: Partial<Receiver> = {}): Receiver => ({
  id: 'ads',
  kind: 'catalogue',
  tool: 'braze',
  consent: [],
  events: { names: ['Braze Cloud Mode (Actions)'] },
  ...fields,
});
const wants = (event: object, fields: Partial<Receiver> = {}): boolean | undefined =>
  routesOf([receiver(fields)])[0]?.wants(eventOf({ userId: 'ann', ...event }));

describe('a destination wants events', () => {
  it('only if it has `events`', () => {
    expect(routesOf([receiver({ events: undefined })])).toEqual([]);
    expect(wants({})).toBe(true);
  });

  it('of its types, its sources and its condition', () => {
    const events = { types: ['track', 'page'] as const, sources: ['shop'], where: 'event = "Paid"', names: [] };
    const asked = { events: { ...events, types: [...events.types] } };
    expect(wants({ event: 'Paid' }, asked)).toBe(true);
    expect(wants({ event: 'Viewed' }, asked)).toBe(false);
    expect(wants({ event: 'Paid', sourceId: 'web' }, asked)).toBe(false);
    expect(wants({ type: 'identify' }, asked)).toBe(false);
  });
});

describe('`integrations` of an event', () => {
  it.each([
    { integrations: undefined, goes: true },
    { integrations: {}, goes: true },
    { integrations: { All: true }, goes: true },
    { integrations: { All: false }, goes: false },
    { integrations: { All: null }, goes: false },
    { integrations: { All: false, ads: true }, goes: true },
    { integrations: { All: false, braze: { session: 1 } }, goes: true },
    { integrations: { All: false, 'Braze Cloud Mode (Actions)': true }, goes: true },
    { integrations: { All: false, mixpanel: true }, goes: false },
    { integrations: { ads: false }, goes: false },
    { integrations: { All: true, braze: false }, goes: false },
    { integrations: { braze: true, ads: false }, goes: false },
    { integrations: { Ads: false }, goes: true },
    { integrations: { constructor: false }, goes: true },
  ] as { integrations?: object; goes: boolean }[])('$integrations: goes is $goes', ({ integrations, goes }) =>
    expect(wants({ integrations })).toBe(goes),
  );
});

describe('consent in an event', () => {
  const said = (categoryPreferences: unknown) => ({ context: { consent: { categoryPreferences } } });
  const asked = { consent: ['advertising', 'analytics'] };

  it.each([
    { event: {}, goes: false },
    { event: { context: {} }, goes: false },
    { event: said({ advertising: true }), goes: false },
    { event: said({ advertising: true, analytics: false }), goes: false },
    { event: said({ advertising: true, analytics: 'true' }), goes: false },
    { event: said(['advertising', 'analytics']), goes: false },
    { event: said({ advertising: true, analytics: true }), goes: true },
  ])('$event: goes is $goes', ({ event, goes }) => {
    expect(wants(event, asked)).toBe(goes);
    expect(wants(event)).toBe(true);
  });

  it('comes before `integrations`', () => expect(wants({ integrations: { ads: true } }, asked)).toBe(false));
});

describe('an event may leave the platform', () => {
  it.each([
    { event: {}, may: true },
    { event: { replayed: 'forward' }, may: true },
    { event: { replayed: 'raw' }, may: false },
    { event: { replayed: 'quarantine' }, may: false },
    { event: { replayed: 'lake' }, may: false },
    { event: { sourceId: '@platform' }, may: false },
    { event: { sourceId: '@privacy', type: 'identify', traits: {} }, may: false },
    { event: { sourceId: '@privacy', type: 'identify', traits: { city: 'Bonn' } }, may: true },
  ])('with $event: $may', ({ event, may }) => expect(mayBeForwarded(eventOf(event))).toBe(may));
});
