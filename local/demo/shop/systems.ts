import { type CrmExports, exportContacts } from './contacts.ts';
import { hour, minute, type Order } from './orders.ts';
import type { Person } from './people.ts';
import { seededRandom } from './random.ts';

/** What the shop's other systems hold: its CRM, its payment provider and the database of its warehouse. */
export interface Systems {
  readonly crm?: CrmExports;
  readonly payments?: readonly Payment[];
  readonly orders?: readonly StoredOrder[];
}

/** A charge of the payment provider. It names the customer by its own id and by the address on the card. */
export interface Payment {
  readonly id: string;
  readonly customer: string;
  readonly userId: string;
  readonly email: string;
  readonly cents: number;
  /** Milliseconds since 1970, a whole second. */
  readonly at: number;
}

/** A row of the table of orders. */
export interface StoredOrder {
  readonly id: string;
  readonly userId: string;
  readonly cents: number;
  readonly state: 'shipped' | 'returned';
  /** Milliseconds since 1970. */
  readonly changed: number;
}

const paying = 60;
const stored = 300;

/** Invents them from the shop's customers. The same people, time and seed give the same. */
export function inventSystems(people: readonly Person[], now: number, seed: number): Required<Systems> {
  // Choices of their own, so that nothing else of the demo changes with them.
  const random = seededRandom(seed + 1);
  const placed = newestFirst(people.flatMap((person) => person.orders.map((order) => ({ person, order }))));
  const last = newestFirst(people.flatMap((person) => person.orders.slice(-1).map((order) => ({ person, order }))));
  return {
    crm: exportContacts(people, now, random),
    payments: last.slice(0, paying).map(({ person, order }, n) => paymentOf(person, order, n)),
    orders: placed.slice(0, stored).map(({ person: { userId }, order: { orderId: id, cents, at } }) => ({
      ...{ id, userId, cents },
      state: random.chance(0.1) ? 'returned' : 'shipped',
      changed: at + 8 * hour,
    })),
  };
}

interface Placed {
  readonly person: Person;
  readonly order: Order;
}

const newestFirst = (placed: readonly Placed[]): Placed[] => placed.toSorted((a, b) => b.order.at - a.order.at);

const paymentOf = ({ userId, email, laterEmail }: Person, { orderId, cents, at }: Order, n: number): Payment => ({
  id: `evt_${orderId}`,
  customer: `cus_${String(n + 1).padStart(4, '0')}`,
  ...{ userId, cents },
  email: (laterEmail ?? email).typed,
  at: Math.floor((at + minute) / 1000) * 1000,
});
