import { firstNames, lastNames } from './catalogue.ts';
import { day, hour } from './orders.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';

/** A contact of the CRM: a customer of the shop, or a lead whom only the CRM knows. */
export interface Contact {
  readonly id: string;
  /** The shop's id; empty for a lead. */
  readonly customer: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly city: string;
  readonly stage: string;
  /** Milliseconds since 1970, a whole second. */
  readonly modified: number;
}

/** Two complete exports of the CRM. The second has few changes. */
export interface CrmExports {
  readonly first: { readonly csv: string; readonly taken: readonly Contact[]; readonly faulty: number };
  readonly second: { readonly csv: string; readonly taken: readonly Contact[]; readonly changed: readonly Contact[] };
  /** Contacts that the second export lacks. */
  readonly gone: readonly Contact[];
}

/** Every eighth customer is in the CRM. */
const customersApart = 8;
const leads = 60;
const [changes, losses] = [12, 2];
const cities = ['Bremen', 'Graz', 'Lyon', 'Oslo', 'Porto', 'Turin'] as const;
const columns = 'contact_id,customer_number,first_name,last_name,email,city,stage,modified';

/** What somebody's typing makes of a line of the first export. */
const faults: readonly ((line: string) => string)[] = [
  (line) => line.replace(/[^,]*$/, 'last Tuesday'),
  (line) => line.replace(/,([^,]*)$/, ',"$1'),
  (line) => `${line},and one more`,
];

/**
 * Exports of a CRM whose e-mail addresses are older than the shop's, and belong to the same people. Between them, some
 * contacts change their stage, faulty rows are mended, and two contacts are deleted.
 */
export function exportContacts(people: readonly Person[], now: number, random: Random): CrmExports {
  const known = people.filter((_, n) => n % customersApart === 0).map((person, n) => contactOf(person, n, random));
  const all = [...known, ...Array.from({ length: leads }, (_, n) => leadOf(known.length + n, now, random))];
  const mended = all.slice(-faults.length);
  const gone = all.slice(-faults.length - losses, -faults.length);
  const second = all
    .filter((contact) => !gone.includes(contact))
    .map((contact, n) => (n < changes ? { ...contact, stage: 'won', modified: now - 3 * hour } : contact));
  return {
    first: {
      csv: csvOf(all.map((contact) => (faults[mended.indexOf(contact)] ?? String)(lineOf(contact)))),
      taken: all.filter((contact) => !mended.includes(contact)),
      faulty: mended.length,
    },
    second: { csv: csvOf(second.map(lineOf)), taken: second, changed: [...second.slice(0, changes), ...mended] },
    gone,
  };
}

const idOf = (n: number): string => `contact-${String(n + 1).padStart(4, '0')}`;

/** The CRM got the address before the shop did. */
const contactOf = ({ userId, firstName, lastName, orders }: Person, n: number, random: Random): Contact => ({
  ...{ id: idOf(n), customer: userId, firstName, lastName, city: random.pick(cities), stage: 'customer' },
  email: `${firstName}.${lastName}.${n}@crm.example`.toLowerCase(),
  modified: wholeSecond((orders[0]?.at ?? 0) - 100 * day),
});

const leadOf = (n: number, now: number, random: Random): Contact => {
  const [firstName, lastName] = [random.pick(firstNames), random.pick(lastNames)];
  return {
    ...{ id: idOf(n), customer: '', firstName, lastName, city: random.pick(cities), stage: 'lead' },
    email: `${firstName}.${lastName}.${n}@lead.example`.toLowerCase(),
    modified: wholeSecond(now - (2 + random.below(60)) * day),
  };
};

const wholeSecond = (at: number): number => Math.floor(at / 1000) * 1000;

const lineOf = ({ id, customer, firstName, lastName, email, city, stage, modified }: Contact): string =>
  [id, customer, firstName, lastName, email, city, stage, new Date(modified).toISOString()].join(',');

const csvOf = (lines: readonly string[]): string => `${[columns, ...lines].join('\n')}\n`;
