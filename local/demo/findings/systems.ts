import type { Contact } from '../shop/contacts.ts';
import type { Systems } from '../shop/systems.ts';
import type { Count } from './count.ts';

/** What the shop's other systems say of one person. */
export interface Learned {
  /** `type:value` of each. */
  readonly identifiers: readonly string[];
  readonly traits: Readonly<Record<string, unknown>>;
  readonly messages: number;
}

/** What was measured of the systems. */
export interface MeasuredSystems {
  /** Rows and bad rows of the CRM's first export, as the summary beside it says. */
  readonly rows: number;
  readonly bad: number;
  readonly accepted: number;
  readonly refused: number;
  /** Records in the lake by source, and those that were deleted. */
  readonly records: ReadonlyMap<string, { readonly kept: number; readonly deleted: number }>;
}

/** Ids of the sources in `cdp.config.ts`. */
export const systemSources = { crm: 'crm-export', payments: 'payments', orders: 'warehouse' } as const;

/** What the systems say, by the userId of a customer and by `type:value` of whom only the CRM knows. */
export function learnedFrom({ crm, payments = [], orders = [] }: Systems): Map<string, Learned> {
  const contacts = crm === undefined ? [] : [...crm.first.taken, ...crm.second.changed];
  const said: [string, Omit<Learned, 'messages'>][] = [
    ...contacts.map((each): [string, Omit<Learned, 'messages'>] => [whoIs(each), saidOf(each)]),
    ...payments.map(({ userId, customer }): [string, Omit<Learned, 'messages'>] => [
      userId,
      { identifiers: [`stripe_customer_id:${customer}`], traits: {} },
    ]),
    ...orders.map(({ userId }): [string, Omit<Learned, 'messages'>] => [userId, { identifiers: [], traits: {} }]),
  ];
  return new Map(
    [...Map.groupBy(said, ([who]) => who)].map(([who, all]) => [
      who,
      {
        identifiers: all.flatMap(([, { identifiers }]) => identifiers),
        traits: Object.assign({}, ...all.map(([, { traits }]) => traits)),
        messages: all.length,
      },
    ]),
  );
}

const whoIs = ({ id, customer }: Contact): string => customer || `crm_contact:${id}`;

/** A customer's name and address stay those of the shop, which are newer. */
const saidOf = ({ id, customer, firstName, lastName, email, city, stage }: Contact) => ({
  identifiers: [`crm_contact:${id}`, `email:${email}`],
  traits: {
    ...(customer === '' && { first_name: firstName, last_name: lastName, email }),
    ...{ city, crm_stage: stage },
  },
});

/** Events that a source puts on the stream, and those that are no repetitions. */
interface Imported {
  readonly source: string;
  readonly lines: number;
  readonly messages: number;
}

/** What the sources of the systems put on the stream. The payment provider posts one event twice. */
export function importedFrom({ crm, payments, orders }: Systems): Imported[] {
  const of = (source: string, messages: number, repeated = 0) => ({ source, messages, lines: messages + repeated });
  return [
    ...(crm === undefined ? [] : [of(systemSources.crm, crm.first.taken.length + crm.second.changed.length)]),
    ...(payments === undefined ? [] : [of(systemSources.payments, payments.length, 1)]),
    ...(orders === undefined ? [] : [of(systemSources.orders, orders.length)]),
  ];
}

/** The numbers of the systems that a reader compares. */
export function systemsCounts({ crm, payments, orders }: Systems, measured: MeasuredSystems): Count[] {
  const recordsOf = (source: string) => measured.records.get(source) ?? { kept: 0, deleted: 0 };
  const count = (what: string, where: string, expected: number, found: number): Count => ({
    ...{ what, where, expected },
    measured: found,
  });
  const { kept, deleted } = recordsOf(systemSources.crm);
  return [
    ...(payments === undefined
      ? []
      : [
          count('payments accepted', 'API', payments.length + 1, measured.accepted),
          count('forged payments refused', 'API', 1, measured.refused),
        ]),
    ...(crm === undefined
      ? []
      : [
          count("rows of the CRM's first export", 'summary', crm.first.taken.length + crm.first.faulty, measured.rows),
          count('of them in quarantine', 'summary', crm.first.faulty, measured.bad),
          count('contacts after the second one', 'lake', crm.second.taken.length, kept),
          count('contacts that it deletes', 'lake', crm.gone.length, deleted),
        ]),
    ...(orders === undefined
      ? []
      : [count('orders of the database', 'lake', orders.length, recordsOf(systemSources.orders).kept)]),
  ];
}
