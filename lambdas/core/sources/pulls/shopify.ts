import { type PullPreset, people } from './preset.ts';

/** One question of the GraphQL API. Its ids are the numbers that webhooks have, too. */
const question = (root: string, fields: string, sortKey = 'UPDATED_AT'): string =>
  `query ($after: String, $query: String) { ${root}(first: 100, after: $after, query: $query, sortKey: ${sortKey}) ` +
  `{ nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`;

const rowsOf = (root: string) =>
  ({
    method: 'POST',
    path: '/admin/api/2026-01/graphql.json',
    rows: `data.${root}.nodes`,
    pages: {
      type: 'cursor',
      at: `data.${root}.pageInfo.endCursor`,
      body: 'variables.after',
      more: `data.${root}.pageInfo.hasNextPage`,
    },
    failure: 'errors',
  }) as const;

const customer =
  'legacyResourceId updatedAt firstName lastName tags state defaultEmailAddress { emailAddress } defaultPhoneNumber { phoneNumber }';
const order =
  'legacyResourceId name createdAt displayFinancialStatus currencyCode totalPriceSet { shopMoney { amount } } email customer { legacyResourceId }';
const customerColumns = {
  id: 'legacyResourceId',
  updatedAt: 'updatedAt',
  first_name: 'firstName',
  last_name: 'lastName',
  email: 'defaultEmailAddress.emailAddress',
  phone: 'defaultPhoneNumber.phoneNumber',
  tags: 'tags',
  state: 'state',
};
const changedBetween = `updated_at:>='{from}' AND updated_at:<'{to}'`;

/** Customers and orders of a Shopify shop. Shopify says nothing of deleted customers but by a read of all of them. */
export const shopify: PullPreset = {
  pages: [
    'https://shopify.dev/docs/api/admin-graphql/latest/queries/customers',
    'https://shopify.dev/docs/api/admin-graphql/latest/queries/orders',
    'https://shopify.dev/docs/api/usage/rate-limits',
  ],
  api: {
    baseUrl: 'https://{shop}.myshopify.com',
    throttled: { at: 'errors.0.extensions.code', matches: 'THROTTLED' },
  },
  auths: {
    token: { type: 'header', name: 'X-Shopify-Access-Token', prefix: '' },
    client: {
      type: 'oauth-client',
      tokenUrl: 'https://{shop}.myshopify.com/admin/oauth/access_token',
      name: 'X-Shopify-Access-Token',
      prefix: '',
    },
  },
  settings: { shop: { pattern: /^[a-z0-9][a-z0-9-]{0,60}$/ } },
  objects: [
    {
      declared: people({
        object: 'customers',
        id: 'shopify_customer_id',
        updatedAt: 'updatedAt',
        deleted: 'Customer Deleted',
        traits: {
          email: 'email',
          phone: 'phone',
          first_name: 'first_name',
          last_name: 'last_name',
          tags: 'tags',
          shopify_state: 'state',
        },
      }),
      reading: {
        windowDays: 30,
        reads: [
          {
            means: 'changes',
            ...rowsOf('customers'),
            json: { query: question('customers', customer), variables: { query: changedBetween } },
            columns: customerColumns,
          },
          {
            means: 'all',
            ...rowsOf('customers'),
            everyHours: 168,
            json: { query: question('customers', customer), variables: { query: '' } },
            columns: customerColumns,
          },
        ],
      },
    },
    {
      declared: {
        object: 'orders',
        rows: 'events',
        key: ['order_id'],
        time: 'created_at',
        mappings: [
          {
            to: {
              type: 'track',
              event: 'Order Placed',
              properties: {
                order_id: { '@path': '$.row.order_id' },
                order_name: { '@path': '$.row.order_name' },
                status: { '@path': '$.row.status' },
                total: { '@path': '$.row.total' },
                currency: { '@path': '$.row.currency' },
              },
              context: {
                traits: { email: { '@path': '$.row.email' } },
                externalIds: [
                  {
                    id: { '@path': '$.row.customer' },
                    type: 'shopify_customer_id',
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
        windowDays: 30,
        reads: [
          {
            means: 'changes',
            ...rowsOf('orders'),
            json: {
              query: question('orders', order, 'CREATED_AT'),
              variables: { query: `created_at:>='{from}' AND created_at:<'{to}'` },
            },
            columns: {
              order_id: 'legacyResourceId',
              order_name: 'name',
              created_at: 'createdAt',
              status: 'displayFinancialStatus',
              total: 'totalPriceSet.shopMoney.amount',
              currency: 'currencyCode',
              email: 'email',
              customer: 'customer.legacyResourceId',
            },
          },
        ],
      },
    },
  ],
};
