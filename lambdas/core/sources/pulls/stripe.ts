import { bearer, type PullPreset, people } from './preset.ts';

const customer = {
  email: 'email',
  phone: 'phone',
  name: 'name',
  description: 'description',
  address: 'address',
  livemode: 'livemode',
};
const inEvent = (paths: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, `data.object.${path}`]));

const list = {
  rows: 'data',
  pages: { type: 'cursor', at: 'data[-1].id', param: 'starting_after', more: 'has_more' },
} as const;
const between = { 'created[gte]': '{from}', 'created[lt]': '{to}', limit: 100 };

/**
 * Customers and charges of Stripe. A customer has no time of change, so changes come from Stripe's events, which it
 * keeps for 30 days; after a longer pause all customers are read.
 */
export const stripe: PullPreset = {
  pages: [
    'https://docs.stripe.com/api/events/list',
    'https://docs.stripe.com/api/customers/list',
    'https://docs.stripe.com/api/charges/list',
  ],
  api: { baseUrl: 'https://api.stripe.com' },
  auths: { token: bearer },
  settings: {},
  objects: [
    {
      declared: people({
        object: 'customers',
        id: 'stripe_customer_id',
        updatedAt: 'updated',
        deleted: 'Customer Deleted',
        traits: { email: 'email', phone: 'phone', name: 'name', address: 'address' },
      }),
      reading: {
        times: 'seconds',
        reads: [
          {
            means: 'changes',
            ...list,
            path: '/v1/events',
            params: { ...between, 'types[]': ['customer.created', 'customer.updated', 'customer.deleted'] },
            columns: { id: 'data.object.id', updated: 'created', change: 'type', ...inEvent(customer) },
            deleted: { column: 'change', values: ['customer.deleted'] },
            drop: ['change'],
            newestFirst: true,
            reachesBackDays: 29,
          },
          {
            means: 'all',
            ...list,
            path: '/v1/customers',
            params: { limit: 100 },
            columns: { id: 'id', updated: '@run', ...customer },
            everyHours: 168,
          },
        ],
      },
    },
    {
      declared: {
        object: 'charges',
        rows: 'events',
        key: ['id'],
        time: 'created',
        mappings: [
          {
            to: {
              type: 'track',
              event: 'Charge Made',
              properties: {
                charge_id: { '@path': '$.row.id' },
                amount_in_smallest_unit: { '@path': '$.row.amount' },
                currency: { '@path': '$.row.currency' },
                status: { '@path': '$.row.status' },
                invoice: { '@path': '$.row.invoice' },
              },
              context: {
                traits: { email: { '@path': '$.row.email' } },
                externalIds: [
                  {
                    id: { '@path': '$.row.customer' },
                    type: 'stripe_customer_id',
                    collection: 'users',
                    encoding: 'none',
                  },
                ],
              },
            },
          },
        ],
      },
      reading: {
        times: 'seconds',
        windowDays: 30,
        reads: [
          {
            means: 'changes',
            ...list,
            path: '/v1/charges',
            params: between,
            columns: {
              id: 'id',
              created: 'created',
              amount: 'amount',
              currency: 'currency',
              status: 'status',
              invoice: 'invoice',
              customer: 'customer',
              email: 'billing_details.email',
            },
          },
        ],
      },
    },
  ],
};
