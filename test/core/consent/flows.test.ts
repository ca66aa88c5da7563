import { describe, expect, it } from 'vitest';
import { flowsByConsent } from '../../../lambdas/core/consent/flows.ts';
import { type Receiver, routesOf } from '../../../lambdas/core/destinations/forwarding/route.ts';
import { configOf, eventOf } from '../../fixtures/events.ts';

const { purposes } = configOf({ purposes: ['ad', 'analytics'].map((key) => ({ key, name: key })) });

interface Row {
  readonly name: string;
  readonly consent?: unknown;
  readonly integrations?: object;
  /** The purposes of each destination that is mapped. */
  readonly mapped?: Readonly<Record<string, readonly string[]>>;
  /** Mapped destinations that get the event. */
  readonly flows: readonly string[];
  /** Whether it gets to a destination without purposes that `integrations` does not name. */
  readonly unmapped?: boolean;
}

const one = { facebook: ['ad'], 'google-ads': ['ad'], amplitude: ['analytics'] };
const several = { facebook: ['ad', 'analytics'], 'google-ads': ['ad'], amplitude: ['analytics'] };
const all = Object.keys(one);
const says = (categoryPreferences: object) => ({ categoryPreferences });
const some = { facebook: true, amplitude: false };

/** Segment's page "Consent in Segment Connections", its two tables from top to bottom. */
const rows: readonly Row[] = [
  { name: '1: no consent, no integrations', flows: all },
  { name: '1: no consent, empty integrations', integrations: {}, flows: all },
  { name: '1: empty consent, no integrations', consent: {}, flows: all },
  { name: '1: empty consent, empty integrations', consent: {}, integrations: {}, flows: all },
  { name: '2: empty categoryPreferences', consent: says({}), flows: [] },
  { name: '2: empty categoryPreferences, empty integrations', consent: says({}), integrations: {}, flows: [] },
  { name: '3: no consent, integrations', integrations: some, flows: ['facebook', 'google-ads'] },
  { name: '4: empty consent, integrations', consent: {}, integrations: some, flows: [] },
  { name: '4: empty categoryPreferences, integrations', consent: says({}), integrations: some, flows: [] },
  { name: '5: nothing is mapped', consent: says({ ad: true, analytics: false }), mapped: {}, flows: [] },
  { name: '6: a yes and a no', consent: says({ ad: true, analytics: false }), flows: ['facebook', 'google-ads'] },
  {
    name: '6: a yes and a no, empty integrations',
    consent: says({ ad: true, analytics: false }),
    integrations: {},
    flows: ['facebook', 'google-ads'],
  },
  {
    name: '7: integrations leave out google-ads',
    consent: says({ ad: true, analytics: false }),
    integrations: some,
    flows: ['facebook', 'google-ads'],
  },
  {
    name: '8: integrations refuse facebook',
    consent: says({ ad: true, analytics: false }),
    integrations: { facebook: false, amplitude: false },
    flows: ['google-ads'],
  },
  {
    name: '9: two categories of one destination, one refused',
    consent: says({ ad: true, analytics: false }),
    integrations: some,
    mapped: several,
    flows: ['google-ads'],
  },
  {
    name: '10: two categories of one destination, both granted',
    consent: says({ ad: true, analytics: true }),
    integrations: some,
    mapped: several,
    flows: ['facebook', 'google-ads'],
  },
  {
    name: '11: two categories of one destination, the other refused',
    consent: says({ ad: false, analytics: true }),
    integrations: some,
    mapped: several,
    flows: [],
  },
  { name: 'a category that is not configured', consent: says({ ad: true, analytics: true, more: false }), flows: all },
  { name: 'a category that the event lacks', consent: says({ ad: true }), flows: ['facebook', 'google-ads'] },
  { name: 'categoryPreference, which is no field', consent: { categoryPreference: { ad: true } }, flows: [] },
  { name: 'an empty consent of PHP', consent: [], flows: all },
  { name: 'an empty categoryPreferences of PHP', consent: { categoryPreferences: [] }, flows: [] },
  { name: 'text, which is no answer', consent: says({ ad: 'true', analytics: 1 }), flows: [] },
  { name: 'a consent that is no object', consent: 'yes', flows: [] },
];

const receiver = (id: string, uses: readonly string[]): Receiver => ({
  ...{ id, kind: 'webhook', consent: [], uses },
  events: { names: [] },
});
const receives = (to: Receiver, { consent, integrations }: Pick<Row, 'consent' | 'integrations'>) =>
  routesOf([to], purposes)[0]?.wants(
    eventOf({ userId: 'ann', context: consent === undefined ? {} : { consent }, integrations }),
  );

describe('consent and integrations of an event, by Segment’s table', () => {
  it.each(rows)('$name', ({ mapped = one, flows, unmapped = true, ...sent }) => {
    const got = Object.entries(mapped).filter(([id, uses]) => receives(receiver(id, uses), sent));
    expect(got.map(([id]) => id)).toEqual(flows);
    expect(receives(receiver('warehouse', []), sent)).toBe(unmapped);
    for (const id of all) expect(receives(receiver(id, []), sent)).toBe(sent.integrations?.[id as never] !== false);
  });
});

describe('signals in an event', () => {
  const { purposes: ads } = configOf({
    purposes: [{ key: 'ads', name: 'Ads', kind: 'advertising', tcf: [2, 4], gpp: ['sale'] }],
  });

  it.each([
    { name: 'GPC alone refuses a sale', consent: { gpc: true }, flows: false },
    { name: 'GPC refuses against a consent tool', consent: { gpc: true, ...says({ ads: true }) }, flows: false },
    { name: 'a GPC that is off says nothing', consent: { gpc: false }, flows: true },
    { name: 'an opt-out of sale refuses', consent: says({ ads: true, sale_or_share: false }), flows: false },
    { name: 'a string that nobody could read says nothing', consent: { tcf: '???' }, flows: true },
    { name: 'TCF must grant all', consent: { tcf: '…', signals: { 'tcf:2': true, 'tcf:4': false } }, flows: false },
    { name: 'TCF grants', consent: { tcf: '…', signals: { 'tcf:2': true, 'tcf:4': true } }, flows: true },
    { name: 'GPP refuses', consent: { gpp: '…', signals: { 'gpp:sale': false } }, flows: false },
    {
      name: 'of a tool and a string the stricter counts',
      consent: { ...says({ ads: false }), signals: { 'tcf:2': true, 'tcf:4': true } },
      flows: false,
    },
  ])('$name', ({ consent, flows }) => {
    expect(flowsByConsent({ context: { consent } }, ads)).toBe(flows);
    expect(flowsByConsent({ context: { consent } }, [])).toBe(true);
  });

  it('leave integrations to decide where they alone are there', () =>
    expect(flowsByConsent({ context: { consent: { gpc: true } }, integrations: some }, purposes)).toBe(true));
});
