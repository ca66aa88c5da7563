import type { Call, UnsentCall } from './calls.ts';
import { day, hour, minute } from './orders.ts';
import type { Random } from './random.ts';

/** Somebody whose story a recipe is about. */
export interface Newcomer {
  readonly recipe: string;
  readonly userId: string;
  readonly calls: readonly Call[];
  /** When they enter or exit by themselves, milliseconds since 1970; others do not while the demo runs. */
  readonly turnsAt: number | undefined;
}

/** What somebody does, and what is known of them. */
interface Story {
  readonly recipe: string;
  readonly turns?: boolean;
  readonly traits?: Readonly<Record<string, string>>;
  readonly marketing?: boolean;
  readonly did?: readonly Deed[];
}

type Deed =
  | { readonly type: 'page'; readonly name: string; readonly at: number }
  | {
      readonly type: 'track';
      readonly event: string;
      readonly properties: Readonly<Record<string, string | number>>;
      readonly at: number;
    };

const tracked =
  (event: string, properties: (value: number) => Readonly<Record<string, string | number>>) =>
  (at: number, value = 20): Deed => ({ type: 'track', event, properties: properties(value), at });
const ordered = tracked('Order Completed', (revenue) => ({ revenue, currency: 'USD' }));
const added = tracked('Product Added', (price) => ({ price }));
const shoes = tracked('Product Viewed', (price) => ({ category: 'shoes', price }));
const hats = tracked('Product Viewed', (price) => ({ category: 'hats', price }));
const unsubscribed = tracked('Unsubscribed', () => ({ list: 'newsletter' }));
const visited = (at: number): Deed => ({ type: 'page', name: 'Home', at });
const date = (at: number): string => new Date(at).toISOString();

/** Stories of those who are in, who are not, and who enter or exit by themselves at `turn`. */
const storiesAt = (now: number, turn: number): readonly Story[] => [
  { recipe: 'abandoned_cart', did: [added(now - 3 * hour)] },
  { recipe: 'abandoned_cart', did: [added(now - 3 * hour), ordered(now - 2 * hour)] },
  { recipe: 'abandoned_cart', turns: true, did: [added(turn - hour)] },
  { recipe: 'lapsed_vips', did: [300, 200, 45].map((days) => ordered(now - days * day, 60)) },
  { recipe: 'lapsed_vips', did: [300, 200, 45].map((days) => ordered(now - days * day, days > 250 ? 49.99 : 60)) },
  { recipe: 'lapsed_vips', turns: true, did: [300, 200, 30].map((days) => ordered(turn - days * day, 60)) },
  { recipe: 'second_purchase', did: [ordered(now - 10 * day)] },
  { recipe: 'second_purchase', did: [ordered(now - 10 * day), ordered(now - 2 * day)] },
  { recipe: 'second_purchase', turns: true, did: [ordered(turn - 7 * day)] },
  { recipe: 'second_purchase', turns: true, did: [ordered(turn - 28 * day)] },
  { recipe: 'trial_ending', traits: { trial_ends: date(now + day) } },
  { recipe: 'trial_ending', traits: { trial_ends: date(now + day), plan: 'pro' } },
  { recipe: 'trial_ending', turns: true, traits: { trial_ends: date(turn + 3 * day) } },
  { recipe: 'trial_ending', turns: true, traits: { trial_ends: date(turn) } },
  { recipe: 'birthday', traits: { birthday: `1992${date(now).slice(4, 10)}` }, marketing: true },
  { recipe: 'birthday', traits: { birthday: `1992${date(now).slice(4, 10)}` }, marketing: false },
  { recipe: 'birthday', traits: { birthday: `1992${date(now + 3 * day).slice(4, 10)}` }, marketing: true },
  { recipe: 'vips', did: [ordered(now - 20 * day, 300), ordered(now - 3 * day, 200)] },
  { recipe: 'vips', did: [ordered(now - 20 * day, 300), ordered(now - 3 * day, 199.99)] },
  { recipe: 'vips', turns: true, did: [ordered(turn - 90 * day, 300), ordered(now - 3 * day, 200)] },
  { recipe: 'stopped_visiting', did: [visited(now - 20 * day)] },
  { recipe: 'stopped_visiting', did: [visited(now - 20 * day), unsubscribed(now - 19 * day)] },
  { recipe: 'stopped_visiting', turns: true, did: [visited(turn - 14 * day)] },
  { recipe: 'first_purchase_this_week', did: [ordered(now - minute)] },
  { recipe: 'first_purchase_this_week', did: [ordered(now - 8 * day), ordered(now - minute)] },
  { recipe: 'browsed_shoes', did: [3, 2, 1].map((days) => shoes(now - days * day)) },
  { recipe: 'browsed_shoes', did: [shoes(now - 3 * day), hats(now - 2 * day), shoes(now - day)] },
  { recipe: 'browsed_shoes', turns: true, did: [7, 2, 1].map((days) => shoes(turn - days * day)) },
  { recipe: 'win_back', did: [ordered(now - 70 * day)] },
  { recipe: 'win_back', did: [ordered(now - 70 * day), ordered(now - 8 * day)] },
  { recipe: 'win_back', turns: true, did: [ordered(turn - 60 * day)] },
  { recipe: 'win_back', turns: true, did: [ordered(turn - 90 * day)] },
];

/** Invents people for the recipes: at least three of each story. Those who turn do so `soon` milliseconds after now. */
export function inventNewcomers(now: number, soon: number, random: Random): Newcomer[] {
  const turn = now + soon;
  return storiesAt(now, turn).flatMap((story, index) =>
    Array.from({ length: 3 + random.below(4) }, (_, n): Newcomer => {
      const userId = `newcomer-${index + 1}-${n + 1}`;
      const calls = callsOf(story, userId, now).map((call): Call => ({ ...call, messageId: random.name('newcomer') }));
      return { recipe: story.recipe, userId, calls, turnsAt: story.turns ? turn : undefined };
    }),
  );
}

function callsOf({ traits, marketing, did = [] }: Story, userId: string, now: number): UnsentCall[] {
  const about = { userId, about: userId };
  return [
    {
      type: 'identify',
      traits: { email: `${userId}@home.example`, timezone: 'UTC', ...traits },
      ...(marketing !== undefined && { context: { consent: { categoryPreferences: { marketing } } } }),
      ...about,
      at: Math.min(now, ...did.map(({ at }) => at)) - minute,
    },
    ...did.map((deed): UnsentCall => ({ ...deed, ...about })),
  ];
}
