import { fieldsOf } from '../../values/json.ts';
import { externalId, textAt, timeAt, titled, type Vendor } from './entry.ts';

/** What happens to orders, by Segment's names of such events. */
const names = new Map([
  ['orders/create', 'Order Created'],
  ['orders/paid', 'Order Paid'],
  ['orders/updated', 'Order Updated'],
  ['orders/edited', 'Order Edited'],
  ['orders/cancelled', 'Order Cancelled'],
  ['orders/fulfilled', 'Order Fulfilled'],
  ['orders/partially_fulfilled', 'Order Partially Fulfilled'],
]);

const orders = {
  type: 'track',
  event: { '@path': '$.name' },
  properties: {
    order_id: { '@path': '$.body.id' },
    order_name: { '@path': '$.body.name' },
    total: { '@path': '$.body.total_price' },
    tax: { '@path': '$.body.total_tax' },
    discount: { '@path': '$.body.total_discounts' },
    currency: { '@path': '$.body.currency' },
    status: { '@path': '$.body.financial_status' },
    products: {
      '@arrayPath': [
        '$.body.line_items',
        {
          product_id: { '@path': '$.product_id' },
          sku: { '@path': '$.sku' },
          name: { '@path': '$.title' },
          variant: { '@path': '$.variant_title' },
          price: { '@path': '$.price' },
          quantity: { '@path': '$.quantity' },
        },
      ],
    },
  },
  context: {
    traits: { email: { '@path': '$.body.email' }, phone: { '@path': '$.body.phone' } },
    externalIds: [externalId('shopify_customer_id', '$.customer')],
  },
};

/**
 * Shopify's orders and customers. The topic is in a header, which Shopify does not sign, as are the ids of a delivery.
 * So the id of an event is made of the body, which is signed.
 */
export const shopify: Vendor = {
  read: ({ body, headers }) => {
    const type = headers['x-shopify-topic'] ?? '';
    const of = type.startsWith('customers/') ? textAt(body, 'id') : textAt(body, 'customer.id');
    const time = timeAt(body, 'updated_at') ?? timeAt(body, 'created_at');
    const isTest = headers['x-shopify-test'] === 'true' || fieldsOf(body).test === true;
    return [{ type, time, isTest, body, more: { name: names.get(type) ?? titled(type), customer: of } }];
  },
  mappings: [
    {
      on: [...names.keys()],
      to: orders,
    },
    {
      on: ['customers/create', 'customers/update', 'customers/enable', 'customers/disable'],
      to: {
        type: 'identify',
        traits: {
          email: { '@path': '$.body.email' },
          phone: { '@path': '$.body.phone' },
          first_name: { '@path': '$.body.first_name' },
          last_name: { '@path': '$.body.last_name' },
          tags: { '@path': '$.body.tags' },
          shopify_state: { '@path': '$.body.state' },
        },
        context: { externalIds: [externalId('shopify_customer_id', '$.customer')] },
      },
    },
    {
      on: ['customers/delete'],
      to: {
        type: 'track',
        event: 'Customer Deleted',
        context: { externalIds: [externalId('shopify_customer_id', '$.customer')] },
      },
    },
  ],
};
