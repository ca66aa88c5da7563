import type { StoryCall } from '../clients/story-senders.ts';

type Deed = StoryCall extends infer Any ? (Any extends StoryCall ? Omit<Any, 'userId'> : never) : never;

/** Somebody enters the segment of a recipe and exits it: when a call comes, or by themselves, as time goes on. */
export interface RecipeStory {
  readonly recipe: string;
  readonly enters: 'by a call' | 'by itself';
  readonly exits: 'by a call' | 'by itself';
  readonly did: readonly Deed[];
  /** What ends the membership. */
  readonly ends?: (now: number) => readonly Deed[];
}

const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const date = (at: number): string => new Date(at).toISOString();
const track = (event: string, at: number, properties: Readonly<Record<string, string | number>> = {}): Deed => ({
  ...{ type: 'track', event, properties, at: date(at) },
});
const orders = (ats: readonly number[], revenue: number | string = 60): Deed[] =>
  ats.map((at) => track('Order Completed', at, { revenue }));
const identify = (at: number, traits: Readonly<Record<string, string>>): Deed => ({
  ...{ type: 'identify', traits, at: date(at) },
});
const page = (at: number): Deed => ({ type: 'page', name: 'Home', properties: {}, at: date(at) });
const shoes = (at: number): Deed => track('Product Viewed', at, { category: 'shoes' });
const consents = (at: number, marketing: boolean): Deed => ({
  ...page(at),
  context: { consent: { categoryPreferences: { marketing } } },
});
const buys = (now: number): Deed[] => orders([now]);

/** Each recipe with an entry and an exit; those that come by themselves are due at `turn`. */
export function storiesDueAt(turn: number): RecipeStory[] {
  const now = Date.now();
  const ago = (days: number): number => now - days * day;
  const before = (days: number): number => turn - days * day;
  const [atOnce, later] = ['by a call', 'by itself'] as const;
  const { zone: timezone, today } = somewhereAtNoon(now);
  return [
    { recipe: 'abandoned_cart', enters: later, exits: atOnce, did: [track('Product Added', turn - hour)], ends: buys },
    { recipe: 'lapsed_vips', enters: later, exits: atOnce, did: orders([ago(200), ago(90), before(30)]), ends: buys },
    { recipe: 'lapsed_vips', enters: atOnce, exits: later, did: orders([before(365), ago(90), ago(45)], '50') },
    { recipe: 'second_purchase', enters: later, exits: atOnce, did: orders([before(7)]), ends: buys },
    { recipe: 'second_purchase', enters: atOnce, exits: later, did: orders([before(28)]) },
    {
      ...{ recipe: 'trial_ending', enters: later, exits: atOnce },
      did: [identify(now, { trial_ends: date(turn + 3 * day) })],
      ends: (at) => [identify(at, { plan: 'pro' })],
    },
    { recipe: 'trial_ending', enters: atOnce, exits: later, did: [identify(now, { trial_ends: date(turn) })] },
    {
      ...{ recipe: 'birthday', enters: atOnce, exits: atOnce },
      did: [identify(now, { birthday: `1990${today.slice(4)}`, timezone }), consents(now, true)],
      ends: (at) => [consents(at, false)],
    },
    { recipe: 'vips', enters: atOnce, exits: later, did: [...orders([before(90)], 499.5), ...orders([ago(3)], '0.5')] },
    { recipe: 'stopped_visiting', enters: later, exits: atOnce, did: [page(before(14))], ends: (at) => [page(at)] },
    {
      ...{ recipe: 'first_purchase_this_week', enters: atOnce, exits: atOnce },
      did: [identify(now, { timezone }), ...orders([now])],
      // An order that comes late shows that the first was earlier.
      ends: (at) => orders([at - 8 * day]),
    },
    { recipe: 'browsed_shoes', enters: atOnce, exits: later, did: [shoes(before(7)), shoes(ago(2)), shoes(ago(1))] },
    { recipe: 'win_back', enters: later, exits: atOnce, did: orders([before(60)]), ends: buys },
    { recipe: 'win_back', enters: atOnce, exits: later, did: orders([before(90)]) },
    // One in ten is drawn and stays out.
    { recipe: 'win_back', enters: later, exits: atOnce, did: orders([before(60)]), ends: buys },
  ];
}

/** A zone where no day ends while the test runs, and its date. */
function somewhereAtNoon(now: number): { readonly zone: string; readonly today: string } {
  const hours = Math.floor((now % day) / hour);
  const zone = hours >= 6 && hours < 18 ? 'UTC' : 'Asia/Tokyo';
  return { zone, today: new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(now - minute) };
}
