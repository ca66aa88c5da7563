import { companies, recipes } from './cdp.recipes.ts';
import type { CdpConfigInput } from './lambdas/core/config/config.ts';
import { all, trait } from './lambdas/core/segments/language/people.ts';

/**
 * The example deployment: a shop with a web site, a back end, a payment provider, a CRM and a warehouse, three segments,
 * recipes for more, and the webhooks of a CRM and of a tool that advertises to those who consent.
 */
export const config: CdpConfigInput = {
  sources: [
    { id: 'storefront', kind: 'browser', writeKey: 'storefront-write-key', defaultCountry: 'US' },
    {
      id: 'shop-backend',
      kind: 'server',
      writeKeyHash: 'ec4a8afce6d7a687a0d80a0afea90e179cad2eddb345b477bb0f65919d82101c',
      defaultCountry: 'US',
    },
    { id: 'payments', kind: 'webhook', signature: { scheme: 'stripe' } },
    {
      id: 'crm-export',
      kind: 'files',
      complete: true,
      expectEvery: '1d',
      objects: [
        {
          object: 'contacts',
          rows: 'records',
          key: ['contact_id'],
          updatedAt: 'modified',
          columns: { modified: 'time' },
          mappings: [
            {
              to: {
                type: 'identify',
                userId: { '@path': '$.row.customer_number' },
                traits: {
                  first_name: { '@path': '$.changed.first_name' },
                  last_name: { '@path': '$.changed.last_name' },
                  email: { '@path': '$.changed.email' },
                  city: { '@path': '$.changed.city' },
                  crm_stage: { '@path': '$.changed.stage' },
                },
                context: {
                  externalIds: [
                    { id: { '@path': '$.id' }, type: 'crm_contact', collection: 'users', encoding: 'none' },
                  ],
                },
              },
            },
          ],
        },
      ],
    },
    {
      id: 'warehouse',
      kind: 'database',
      engine: 'postgresql',
      database: 'shop',
      secret: 'shop/warehouse',
      tls: 'encrypt',
      schedule: 'none',
      objects: [
        {
          object: 'orders',
          rows: 'records',
          key: ['id'],
          updatedAt: 'changed',
          mappings: [
            {
              to: {
                type: 'track',
                event: 'Order Updated',
                userId: { '@path': '$.row.customer' },
                properties: {
                  order_id: { '@path': '$.id' },
                  status: { '@path': '$.row.state' },
                  total: { '@path': '$.row.total' },
                },
              },
            },
          ],
        },
      ],
      reads: { orders: { table: 'sales.orders', cursor: 'changed' } },
    },
    {
      id: 'showroom',
      kind: 'files',
      objects: [
        {
          object: 'visits',
          rows: 'events',
          key: ['visit_id'],
          time: 'visited_at',
          mappings: [
            {
              to: {
                type: 'track',
                event: 'Showroom Visited',
                context: { traits: { email: { '@path': '$.row.email' } } },
                properties: { city: { '@path': '$.row.city' } },
              },
            },
          ],
        },
      ],
    },
  ],
  purposes: [
    { key: 'analytics', name: 'Statistics of how the shop is used', default: 'granted' },
    { key: 'advertising', name: 'Advertising elsewhere', kind: 'advertising' },
    { key: 'personalization', name: 'Profiles, so that offers fit', kind: 'profiling', default: 'granted' },
  ],
  segments: [
    { key: 'big_spenders', name: 'Spent 200 dollars or more', where: trait('lifetime_value').atLeast(200) },
    { key: 'repeat_buyers', name: 'Ordered at least three times', where: trait('order_count').atLeast(3) },
    {
      key: 'newsletter',
      name: 'Reads the newsletter',
      where: all(trait('email').exists(), trait('newsletter').equals(true)),
    },
    ...recipes.segments,
    ...companies.segments,
  ],
  traits: [...recipes.traits, ...companies.traits],
  destinations: [
    {
      id: 'crm',
      kind: 'webhook',
      segments: [
        ...['big_spenders', 'repeat_buyers', 'newsletter'],
        ...[...recipes.segments, ...companies.segments].map(({ key }) => key),
      ],
      events: { where: 'event = "Order Completed"' },
    },
    { id: 'ads', kind: 'webhook', segments: ['big_spenders'], uses: ['advertising'] },
  ],
};

/** Who hears of trouble: put an address here, deploy, and confirm the mail that comes. */
export const alarmEmail: string | undefined = undefined;
