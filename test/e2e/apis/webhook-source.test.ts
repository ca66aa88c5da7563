import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { vendorNamed } from '../../fixtures/vendors.ts';
import { npmRun } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { quarantined, rawEvents } from '../observed/lake.ts';
import { profileOf } from '../observed/profiles.ts';
import { send } from '../observed/requests.ts';
import { unique } from '../platform/deployment.ts';

const { sign } = vendorNamed('Stripe');
const email = `${unique('payer')}@shop.example`;
const customer = unique('cus');
let made = 0;
const stripeEvent = (type: string, object: object) => ({
  id: unique(`evt-${++made}`),
  type,
  created: Math.floor(Date.now() / 1000) - 5,
  livemode: true,
  data: { object },
});

/** Posts as the payment provider does: bytes that its own library signed. */
async function deliver(event: object, tamper: (body: Buffer) => Buffer = (body) => body) {
  const { headers, body } = await sign(JSON.stringify(event), Date.now());
  const init = { method: 'POST', body: new Uint8Array(tamper(body)) };
  return send('/v1/sources/payments', {
    ...init,
    headers: { ...(headers as Record<string, string>), 'content-type': 'application/json; charset=utf-8' },
  });
}

it('a payment provider’s customer and invoice end in one profile and in the lake, once', async () => {
  const created = stripeEvent('customer.created', { object: 'customer', id: customer, email, name: 'Ann Payer' });
  const invoice = {
    object: 'invoice',
    id: 'in_1',
    customer,
    customer_email: email,
    amount_paid: 1299,
    currency: 'usd',
  };
  const paid = stripeEvent('invoice.paid', invoice);
  for (const event of [created, paid, paid]) expect(await deliver(event)).toMatchObject({ status: 200 });

  await eventually(async () => {
    const profile = await profileOf(`stripe_customer_id:${customer}`);
    expect(profile).toMatchObject({ eventCount: 2, traits: { email, name: 'Ann Payer' } });
    expect(profile.identifiers).toEqual(expect.arrayContaining([expect.stringContaining(email)]));
  });
  await eventually(async () => {
    const lines = (await rawEvents()).filter(({ sourceId }) => sourceId === 'payments');
    expect(lines.filter(({ messageId }) => messageId === paid.id)).toMatchObject([
      { event: 'Invoice Paid', properties: { amount: 12.99, currency: 'usd' } },
      { event: 'Invoice Paid' },
    ]);
  });
});

it('what no mapping takes is in quarantine when the provider gets its 200', async () => {
  const payout = stripeEvent('payout.paid', { object: 'payout', id: unique('po') });
  expect(await deliver(payout)).toMatchObject({ status: 200 });
  await eventually(async () => {
    const kept = (await quarantined()).filter(({ event }) => String(event).includes(payout.id));
    expect(kept).toMatchObject([
      { stage: 'collect', sourceId: 'payments', reason: expect.stringContaining('payout.paid') },
    ]);
  });
});

it('a forged payment is refused like one to an address that nobody has, and changes nothing', async () => {
  const forged = stripeEvent('invoice.paid', { object: 'invoice', customer: unique('forged'), amount_paid: 1 });
  const answers = [
    await deliver(forged, (body) => Buffer.from(body.toString().replace('"amount_paid":1', '"amount_paid":9'))),
    await send('/v1/sources/nobody', { method: 'POST', body: JSON.stringify(forged) }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 401]);
  expect(answers[0]?.text).toBe(answers[1]?.text);
  expect((await rawEvents()).filter(({ messageId }) => messageId === forged.id)).toEqual([]);
});

it('its secret is changed without a gap: the new one comes first, and the one before it stays', async () => {
  expect((await npmRun('source', 'list', '--local')).stdout).toMatch(
    /payments\s+stripe\s+\S+\/v1\/sources\/payments\s+1 secret/,
  );
  const file = join(await mkdtemp(join(tmpdir(), 'secret-')), 'secret.txt');
  await writeFile(file, 'whsec_the_next_one_of_the_provider\n');
  await npmRun('source', 'secret', 'payments', '--file', file, '--local');
  expect((await npmRun('source', 'list', '--local')).stdout).toContain('2 secret');
  const created = stripeEvent('customer.created', { object: 'customer', id: unique('cus-later'), email });
  expect(await deliver(created)).toMatchObject({ status: 200 });
});
