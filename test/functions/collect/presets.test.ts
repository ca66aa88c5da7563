import { describe, expect, it } from 'vitest';
import { webhookCollect } from '../../fixtures/in-memory/webhook-collect.ts';
import { vendorNamed } from '../../fixtures/vendors.ts';

const now = Date.UTC(2026, 10, 29, 12);
const external = (id: string, type: string) => ({ id, type, collection: 'users', encoding: 'none' });

/** What becomes of a body that a vendor signed: events, and reasons of the quarantine. */
async function becomes(name: string, body: unknown, headers: object = {}, more: object = {}) {
  const { sign, signature, secret, isForm } = vendorNamed(name);
  const publicUrl = 'https://hooks.shop.example';
  const source = { id: 'v', kind: 'webhook', signature, publicUrl, defaultCountry: 'US', ...more };
  const collect = webhookCollect({ sources: [source], secrets: { v: { secrets: [secret] } }, now });
  const text = isForm ? new URLSearchParams(body as Record<string, string>).toString() : JSON.stringify(body);
  const signed = await sign(text, now, undefined, `${publicUrl}/v1/sources/v`);
  const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
  const request = {
    path: '/v1/sources/v',
    headers: { 'content-type': type, ...signed.headers, ...headers },
    body: signed.body,
  };
  expect(await collect.request(request)).toMatchObject({ statusCode: 200 });
  return { events: collect.events(), reasons: collect.quarantined().map(({ reason }) => reason) };
}

describe('Stripe', () => {
  const event = (type: string, object: object, more: object = {}) => ({
    id: 'evt_1',
    type,
    created: now / 1000 - 60,
    livemode: true,
    data: { object, ...more },
  });
  const customer = { object: 'customer', id: 'cus_1', email: 'Old@shop.example', phone: '+12015550123', name: 'Ann' };

  it('tells of a new customer all that it says, at the time of the event', async () => {
    const { events } = await becomes('Stripe', event('customer.created', customer));
    expect(events).toMatchObject([
      {
        type: 'identify',
        traits: { email: 'Old@shop.example', phone: '+12015550123', name: 'Ann' },
        timestamp: new Date(now - 60_000).toISOString(),
      },
    ]);
  });

  it('tells of a changed customer only what changed, and who it is', async () => {
    const changed = event(
      'customer.updated',
      { ...customer, phone: null },
      { previous_attributes: { phone: '+12015550123' } },
    );
    const { events } = await becomes('Stripe', changed);
    expect(events).toMatchObject([
      {
        traits: { phone: null },
        context: { externalIds: [external('cus_1', 'stripe_customer_id'), external('Old@shop.example', 'email')] },
      },
    ]);
    expect(Object.keys(events[0]?.traits as object)).toEqual(['phone']);
  });

  it.each([
    { currency: 'usd', amount: 1299, is: 12.99 },
    { currency: 'USD', amount: 5, is: 0.05 },
    { currency: 'jpy', amount: 1299, is: 1299 },
    { currency: 'kwd', amount: 1299, is: 1.299 },
    { currency: 'eur', amount: 0, is: 0 },
    { currency: null, amount: 5, is: undefined },
  ])('$amount $currency of its smallest unit are $is', async ({ currency, amount, is }) => {
    const paid = event('charge.succeeded', { id: 'ch_1', customer: { id: 'cus_2' }, amount, currency });
    const { events } = await becomes('Stripe', paid);
    expect(events).toMatchObject([
      { event: 'Charge Succeeded', context: { externalIds: [external('cus_2', 'stripe_customer_id')] } },
    ]);
    expect(events.map(({ properties }) => (properties as { readonly amount?: number }).amount)).toEqual([is]);
  });
});

describe('other vendors', () => {
  it('HubSpot: an emptied property takes the trait away, and other objects are nobody’s contact', async () => {
    const change = {
      eventId: 1,
      subscriptionId: 2,
      objectId: 7,
      occurredAt: now - 1000,
      propertyName: 'city',
      propertyValue: '',
    };
    const { events, reasons } = await becomes('HubSpot', [
      { ...change, subscriptionType: 'contact.propertyChange' },
      { ...change, eventId: 2, subscriptionType: 'object.propertyChange', objectTypeId: '0-1' },
      { ...change, eventId: 3, subscriptionType: 'object.propertyChange', objectTypeId: '0-2' },
    ]);
    expect(events).toMatchObject(
      [1, 2].map((id) => ({ messageId: `${id}.2.7.${now - 1000}`, traits: { city: null } })),
    );
    expect(reasons).toEqual([expect.stringContaining('object.propertyChange')]);
  });

  it('Shopify: a customer’s row at its own time, whatever the delivery', async () => {
    const row = { id: 5, email: 'ann@shop.example', first_name: 'Ann', updated_at: '2026-11-01T10:00:00Z' };
    const [first, again] = await Promise.all(
      ['w1', 'w2'].map((id) =>
        becomes('Shopify', row, { 'x-shopify-topic': 'customers/update', 'x-shopify-webhook-id': id }),
      ),
    );
    expect(first?.events).toMatchObject([
      { type: 'identify', timestamp: '2026-11-01T10:00:00.000Z', traits: { first_name: 'Ann' } },
    ]);
    expect(again?.events[0]?.messageId).toBe(first?.events[0]?.messageId);
  });

  it('Meta: each lead of each entry', async () => {
    const lead = (id: string) => ({
      field: 'leadgen',
      value: { leadgen_id: id, form_id: 'f', created_time: now / 1000 },
    });
    const entry = [
      { id: 'p', time: 1, changes: [lead('l1'), lead('l2')] },
      { id: 'q', time: 1, changes: [lead('l3')] },
    ];
    const { events } = await becomes('Meta', { object: 'page', entry });
    expect(events.map(({ messageId }) => messageId)).toEqual(['l1', 'l2', 'l3']);
  });

  it('SendGrid: a request with many events, each by itself', async () => {
    const mail = (event: string, n: number, email = 'ann@shop.example') => ({
      event,
      email,
      sg_event_id: `e${n}`,
      timestamp: now / 1000,
    });
    const { events, reasons } = await becomes('SendGrid', [
      mail('click', 1),
      mail('unsubscribe', 2),
      mail('open', 3, 'nobody'),
    ]);
    expect(events.map(({ event }) => event)).toEqual(['Email Link Clicked', 'Unsubscribed']);
    expect(reasons).toEqual([expect.stringContaining('names nobody')]);
  });

  it('Twilio: a message that came in is of its sender, also by WhatsApp', async () => {
    const { events } = await becomes('Twilio', {
      MessageSid: 'SM1',
      SmsStatus: 'received',
      From: 'whatsapp:+12015550123',
      To: '+12015550199',
    });
    expect(events).toMatchObject([
      { event: 'Message Received', messageId: 'SM1.received', context: { traits: { phone: '+12015550123' } } },
    ]);
  });

  it('Svix and Standard Webhooks: an event of any vendor, in its own words', async () => {
    const body = {
      type: 'seat.added',
      timestamp: '2026-11-28T00:00:00Z',
      data: { email: 'ann@shop.example', seats: 3 },
    };
    for (const name of ['Svix', 'Standard Webhooks'])
      expect((await becomes(name, body)).events).toMatchObject([
        { event: 'Seat Added', messageId: 'msg_1', timestamp: '2026-11-28T00:00:00.000Z', properties: { seats: 3 } },
      ]);
  });

  it('a body of another form is put aside whole', async () => {
    for (const [name, body] of [
      ['Meta', { object: 'page' }],
      ['Stripe', {}],
      ['SendGrid', [1]],
      ['HubSpot', 'text'],
    ] as const)
      expect(await becomes(name, body)).toMatchObject({ events: [], reasons: [expect.stringContaining('no mapping')] });
  });
});
