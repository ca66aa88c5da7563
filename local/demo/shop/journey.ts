import type { UnsentCall } from './calls.ts';
import { albums } from './catalogue.ts';
import { day, hour, minute, type Order } from './orders.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';

/** Page views and views of one or two records on the device of an anonymous visitor. */
export function browse(device: string, about: string, from: number, random: Random): UnsentCall[] {
  const looks = 1 + random.below(3);
  const seen = Array.from({ length: looks }, (_, i): UnsentCall => {
    const at = from + (i + 1) * 3 * minute;
    return {
      type: 'track',
      event: 'Product Viewed',
      properties: { album: random.pick(albums) },
      anonymousId: device,
      about,
      at,
    };
  });
  return [{ type: 'page', name: 'Home', anonymousId: device, about, at: from }, ...seen];
}

/**
 * Calls before the first order: browsing on the person's devices, and an address left on one of them. One list per
 * device.
 */
export function beforeOrders(person: Person, random: Random): UnsentCall[][] {
  const { userId, device, browsesFirst, secondDevice, wishlistDevice, laterEmail } = person;
  const first = firstOrder(person).at;
  const wish = (anonymousId: string, email: string): UnsentCall => ({
    type: 'identify',
    traits: { email },
    anonymousId,
    about: userId,
    at: first - 2 * day,
  });
  return [
    device !== undefined && browsesFirst ? browse(device, userId, first - hour, random) : [],
    secondDevice === undefined ? [] : browse(secondDevice, userId, first - day, random),
    wishlistDevice === undefined || laterEmail === undefined ? [] : [wish(wishlistDevice, laterEmail.typed)],
  ].filter((calls) => calls.length > 0);
}

/** Calls of the account, which names its device, and of every order with the traits that the shop knows by then. */
export function ordering(person: Person): UnsentCall[] {
  const { userId, device, firstName, lastName, email, phone, newsletter, orders } = person;
  const about = { userId, about: userId };
  const account: UnsentCall = {
    type: 'identify',
    traits: {
      first_name: firstName,
      last_name: lastName,
      email: email.typed,
      newsletter,
      ...(phone && { phone: phone.typed }),
    },
    ...about,
    ...(device !== undefined && { anonymousId: device }),
    at: firstOrder(person).at - 5 * minute,
  };
  const placed = orders.flatMap((order, index): UnsentCall[] => [
    { type: 'track', event: 'Order Completed', properties: orderProperties(order), ...about, at: order.at },
    {
      type: 'identify',
      traits: { email: email.typed, newsletter, ...totals(orders.slice(0, index + 1)) },
      ...about,
      at: order.at + 2 * minute,
    },
  ]);
  return [account, ...placed];
}

/** Calls after the last order: a login on the second device, the later address, a visit on another person's device. */
export function afterOrders(person: Person, random: Random): UnsentCall[] {
  const { userId, secondDevice, laterEmail, lender } = person;
  const about = { userId, about: userId };
  const from = lastOrder(person).at + hour;
  const visit = (anonymousId: string, at: number): UnsentCall[] => [
    { type: 'identify', traits: {}, anonymousId, ...about, at },
    {
      type: 'track',
      event: 'Product Viewed',
      properties: { album: random.pick(albums) },
      anonymousId,
      ...about,
      at: at + minute,
    },
  ];
  return [
    ...(secondDevice === undefined ? [] : visit(secondDevice, from)),
    ...(laterEmail === undefined
      ? []
      : [{ type: 'identify' as const, traits: { email: laterEmail.typed }, ...about, at: from + 30 * minute }]),
    ...(lender === undefined
      ? []
      : [...visit(lender.device, from), ...browse(lender.device, lender.userId, from + hour, random)]),
  ];
}

/** The person unsubscribes from the newsletter. */
export function unsubscribing(person: Person): UnsentCall[] {
  if (!person.unsubscribes) return [];
  const at = lastOrder(person).at + 3 * hour;
  const about = { userId: person.userId, about: person.userId };
  return [
    { type: 'track', event: 'Unsubscribed', properties: { list: 'newsletter' }, ...about, at },
    { type: 'identify', traits: { newsletter: false }, ...about, at: at + minute },
  ];
}

/** A message that is months late: its values date from an hour after the first order and are outdated. */
export function staleMessage({ userId, formerEmail, newsletter, orders }: Person): UnsentCall[] {
  const [first] = orders;
  if (formerEmail === undefined || first === undefined) return [];
  const traits = { email: formerEmail.typed, newsletter: !newsletter, ...totals([first]) };
  return [{ type: 'identify', traits, userId, about: userId, at: first.at + hour }];
}

/** The shop's knowledge about a customer after these orders. */
export const totals = (orders: readonly Order[]) => ({
  order_count: orders.length,
  lifetime_value: orders.reduce((sum, { cents }) => sum + cents, 0) / 100,
});

const orderProperties = ({ orderId, cents, quantity }: Order) => ({
  orderId,
  revenue: cents / 100,
  quantity,
  currency: 'USD',
});

const firstOrder = ({ orders }: Person): Order => orders[0] as Order;
const lastOrder = ({ orders }: Person): Order => orders.at(-1) as Order;
