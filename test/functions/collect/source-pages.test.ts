import { createHmac } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { webhookCollect } from '../../fixtures/in-memory/webhook-collect.ts';
import { vendorNamed } from '../../fixtures/vendors.ts';

const now = Date.UTC(2026, 10, 29, 12);
/** Whose library signs the example of a page. */
const signerOf: Readonly<Record<string, string>> = {
  stripe: 'Stripe',
  shopify: 'Shopify',
  hubspot: 'HubSpot',
  github: 'GitHub',
  meta: 'Meta',
  sendgrid: 'SendGrid',
  twilio: 'Twilio',
  'standard-webhooks': 'Standard Webhooks',
};
const pages = globSync('docs/sources/[a-z]*.md').filter((page) =>
  readFileSync(page, 'utf8').includes("kind: 'webhook'"),
);
const blocksIn = (page: string, kind: string): string[] =>
  [...readFileSync(page, 'utf8').matchAll(new RegExp(`\`\`\`${kind}\\n([^]*?)\\n\`\`\``, 'g'))].map(
    ([, text = '']) => text,
  );

/** As the vendor without a library of its own signs, by the words of its page. */
function byHand(body: string) {
  const time = String(now / 1000);
  const hex = createHmac('sha256', 'a secret of the vendor').update(`v0:${time}:${body}`).digest('hex');
  const headers = { 'x-signature': `v0=${hex}`, 'x-request-timestamp': time };
  return { headers, body: Buffer.from(body), secret: 'a secret of the vendor' };
}

it.each(pages)('%s shows what its vendor’s example becomes', async (page) => {
  const [config = ''] = blocksIn(page, 'ts');
  const source = runInNewContext(`(${config})`) as { readonly id: string };
  const [body = '', written = ''] = [...blocksIn(page, 'text'), ...blocksIn(page, 'json')];
  const name = signerOf[basename(page, '.md')];
  const told = Object.fromEntries(
    blocksIn(page, 'http').flatMap((text) => text.split('\n').map((line) => line.split(': ') as [string, string])),
  );
  const signed =
    name === undefined
      ? byHand(body)
      : await vendorNamed(name).sign(body, now, undefined, `https://hooks.shop.example/v1/sources/${source.id}`);
  const world = {
    sources: [JSON.parse(JSON.stringify(source))],
    secrets: { [source.id]: { secrets: [signed.secret] } },
    now,
  };
  const collect = webhookCollect(world);
  const type = body.startsWith('MessageSid') ? 'application/x-www-form-urlencoded' : 'application/json';
  const headers = { 'content-type': type, ...signed.headers, ...told };
  const answer = await collect.request({ path: `/v1/sources/${source.id}`, headers, body: signed.body });
  expect(answer).toMatchObject({ statusCode: 200 });
  expect(collect.quarantined()).toEqual([]);
  const events = collect.events().map(({ receivedAt: _, originalTimestamp: __, ...event }) => event);
  expect(events).toEqual(JSON.parse(written));
});

it('has a page for every scheme', () => expect(pages).toHaveLength(Object.keys(signerOf).length + 1));
