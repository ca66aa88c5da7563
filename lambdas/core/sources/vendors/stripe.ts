import { fieldsOf, valueAt } from '../../values/json.ts';
import { type Entry, externalId, partsNamed, textAt, timeAt, titled, type Vendor } from './entry.ts';
import { inCurrency } from './money.ts';

/**
 * Stripe's events. An update of a customer states only what changed, or an old address would beat a newer one from
 * elsewhere. Other events name the customer by Stripe's id and by the address that they hold.
 */
export const stripe: Vendor = {
  read: ({ body }) => [readEvent(body)],
  mappings: [
    {
      on: ['customer.created', 'customer.updated'],
      to: {
        type: 'identify',
        traits: {
          email: { '@path': '$.stated.email' },
          phone: { '@path': '$.stated.phone' },
          name: { '@path': '$.stated.name' },
          address: { '@path': '$.stated.address' },
        },
        context: { externalIds: [externalId('stripe_customer_id', '$.customer'), externalId('email', '$.knownEmail')] },
      },
    },
    {
      on: ['customer.deleted', 'customer.subscription.*', 'invoice.*', 'charge.*', 'checkout.session.*'],
      to: {
        type: 'track',
        event: { '@path': '$.name' },
        properties: {
          object_id: { '@path': '$.body.data.object.id' },
          status: { '@path': '$.body.data.object.status' },
          amount: { '@path': '$.amount' },
          currency: { '@path': '$.body.data.object.currency' },
          plan: { '@path': '$.plan' },
          subscription: { '@path': '$.body.data.object.subscription' },
          description: { '@path': '$.body.data.object.description' },
        },
        context: {
          traits: { email: { '@path': '$.email' }, phone: { '@path': '$.phone' } },
          externalIds: [externalId('stripe_customer_id', '$.customer')],
        },
      },
    },
  ],
};

function readEvent(body: unknown): Entry {
  const type = textAt(body, 'type') ?? '';
  const object = fieldsOf(valueAt(body, ['data', 'object']));
  return {
    type,
    id: textAt(body, 'id'),
    time: timeAt(body, 'created'),
    isTest: fieldsOf(body).livemode === false,
    body,
    more: { name: titled(type), ...(object.object === 'customer' ? customerIn(body, object) : paymentIn(object)) },
  };
}

/** `previous_attributes` names what an update changed. */
function customerIn(body: unknown, object: Readonly<Record<string, unknown>>): object {
  const before = valueAt(body, ['data', 'previous_attributes']);
  const names = before === undefined ? Object.keys(object) : Object.keys(fieldsOf(before));
  const stated = partsNamed(object, names);
  return { customer: textAt(object, 'id'), knownEmail: textAt(object, 'email'), stated, email: object.email };
}

const paymentIn = (object: Readonly<Record<string, unknown>>): object => ({
  customer: textAt(object, 'customer') ?? textAt(object, 'customer.id'),
  email: firstText(object, ['customer_email', 'customer_details.email', 'billing_details.email', 'receipt_email']),
  phone: firstText(object, ['customer_phone', 'customer_details.phone', 'billing_details.phone']),
  amount: inCurrency(object.amount_paid ?? object.amount_total ?? object.amount, object.currency),
  plan: textAt(fieldsOf(valueAt(object, ['plan'])), 'id') ?? firstPlan(object),
});

function firstPlan(object: Readonly<Record<string, unknown>>): string | undefined {
  const items = valueAt(object, ['items', 'data']);
  return Array.isArray(items) ? textAt(items[0], 'price.id') : undefined;
}

const firstText = (object: unknown, paths: readonly string[]): string | undefined =>
  paths.map((path) => textAt(object, path)).find((text) => text !== undefined);
