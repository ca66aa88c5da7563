import { areaCodes, firstNames, lastNames } from './catalogue.ts';
import type { Order } from './orders.ts';
import { day } from './orders.ts';
import type { Random } from './random.ts';

/** An address or number, as typed and in its normal form. */
interface Contact {
  readonly typed: string;
  readonly meant: string;
}

/** A customer with orders and an account, and the invented facts about them. */
export interface Person {
  readonly userId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly orders: readonly Order[];
  readonly email: Contact;
  /** An address given after the last order; it replaces the first. */
  readonly laterEmail: Contact | undefined;
  readonly phone: Contact | undefined;
  readonly newsletter: boolean;
  /** Unsubscribes from the newsletter in the last phase. */
  readonly unsubscribes: boolean;
  /**
   * The person's first device, an anonymous id. A person without a device orders by telephone and later uses the device
   * of another person in the household.
   */
  readonly device: string | undefined;
  /** Whether the person browsed on the first device before the first order. */
  readonly browsesFirst: boolean;
  /** A device with anonymous browsing and a login after the last order. */
  readonly secondDevice: string | undefined;
  /** A device on which the person left the later address and never logged in. */
  readonly wishlistDevice: string | undefined;
  /** A person in the household on whose first device this person logs in. */
  readonly lender: { readonly userId: string; readonly device: string } | undefined;
  /**
   * An address that the person dropped after the first order. A late message with this address arrives in the last
   * phase.
   */
  readonly formerEmail: Contact | undefined;
}

/** Shares of the customers. */
const shares = {
  borrows: 0.05,
  browsesFirst: 0.4,
  secondDevice: 0.1,
  laterEmail: 0.06,
  wishlist: 0.5,
  phone: 0.2,
} as const;
const habits = { newsletter: 0.25, unsubscribes: 0.15, formerEmail: 0.1, capitals: 0.2 } as const;

/** Invents a person for each customer in the file of orders. A household is a customer and the next one. */
export function inventPeople(customers: ReadonlyMap<string, readonly Order[]>, random: Random): Person[] {
  const people: Person[] = [];
  const phones = { taken: 0 };
  for (const [customer, orders] of customers) {
    const previous = people.at(-1);
    const lender =
      previous?.device !== undefined && random.chance(shares.borrows)
        ? { userId: previous.userId, device: previous.device }
        : undefined;
    people.push(inventPerson(customer, orders, lender, phones, random));
  }
  return people;
}

function inventPerson(
  customer: string,
  orders: readonly Order[],
  lender: Person['lender'],
  phones: { taken: number },
  random: Random,
): Person {
  const firstName = random.pick(firstNames);
  const lastName = random.pick(lastNames);
  const device = lender === undefined ? random.name('device') : undefined;
  const newsletter = random.chance(habits.newsletter);
  const local = `${firstName}.${lastName}.${customer}`;
  const laterEmail = random.chance(shares.laterEmail) ? typedEmail(`${local}@work.example`, random) : undefined;
  return {
    userId: `customer-${customer}`,
    firstName,
    lastName,
    orders,
    email: typedEmail(`${local}@home.example`, random),
    laterEmail,
    phone: random.chance(shares.phone) ? phoneNumber(phones.taken++, random) : undefined,
    newsletter,
    unsubscribes: newsletter && random.chance(habits.unsubscribes),
    device,
    browsesFirst: device !== undefined && random.chance(shares.browsesFirst),
    secondDevice: device !== undefined && random.chance(shares.secondDevice) ? random.name('device') : undefined,
    wishlistDevice: laterEmail !== undefined && random.chance(shares.wishlist) ? random.name('device') : undefined,
    lender,
    formerEmail:
      ordersOnLaterDays(orders) && random.chance(habits.formerEmail)
        ? typedEmail(`${local}@old.example`, random)
        : undefined,
  };
}

/** Some people type capitals, which do not change an address. */
const typedEmail = (email: string, random: Random): Contact => ({
  typed: random.chance(habits.capitals) ? email : email.toLowerCase(),
  meant: email.toLowerCase(),
});

function phoneNumber(index: number, random: Random): Contact {
  const area = areaCodes[Math.floor(index / 100)] ?? areaCodes[0];
  const last = `01${String(index % 100).padStart(2, '0')}`;
  const typed = random.pick([`+1${area}555${last}`, `(${area}) 555-${last}`, `${area}-555-${last}`]);
  return { typed, meant: `+1${area}555${last}` };
}

const ordersOnLaterDays = ([first, second]: readonly Order[]): boolean =>
  first !== undefined && second !== undefined && Math.floor(second.at / day) > Math.floor(first.at / day);
