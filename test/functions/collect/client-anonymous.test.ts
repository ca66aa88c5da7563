import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { basic } from '../../fakes/http-request.ts';
import { browserKey, collectInMemory, post } from '../../fixtures/in-memory/collect.ts';
import { recordOf, topicsWorld } from '../../fixtures/in-memory/topics.ts';
import { webhookCollect } from '../../fixtures/in-memory/webhook-collect.ts';
import { vendorNamed } from '../../fixtures/vendors.ts';

const good = { type: 'track', event: 'E', userId: 'u' };
/** Stands in every place for an address or an agent. */
const marker = '203.0.113.77';
const agent = 'Mozilla/5.0 (Marker)';
const headers = { ...basic(browserKey), 'user-agent': agent, 'x-forwarded-for': marker };
const device = { ip: marker, userAgent: agent, userAgentData: { brands: [agent] } };

type World = ReturnType<typeof collectInMemory>;
const stored = ({ records, quarantined }: Pick<World, 'records' | 'quarantined'>): string =>
  JSON.stringify([records, quarantined()]);
const anonymous = () => collectInMemory({ clientAnonymous: true, trustedProxies: 1 });

describe('a source that keeps no addresses', () => {
  it.each([
    { name: 'a good event', path: '/v1/track', body: { ...good, context: device } },
    {
      name: 'a call that asks for its address',
      path: '/v1/track',
      body: { ...good, context: { ...device, direct: true } },
    },
    { name: 'a batch with the context of all', path: '/v1/batch', body: { batch: [good, {}], context: device } },
    {
      name: 'a bad event',
      path: '/v1/track',
      body: { type: 'track', context: device, properties: { client_ip: marker } },
    },
    { name: 'a bad batch', path: '/v1/batch', body: { batch: {}, context: device } },
    {
      name: 'a bad context',
      path: '/v1/batch',
      body: { batch: [good], context: { ...device, ['x'.repeat(9)]: '\ud800' } },
    },
    { name: 'a body that is no JSON', path: '/v1/track', body: `{"ip":"${marker}","userAgent":"${agent}"` },
    { name: 'a body that is no object', path: '/v1/track', body: `"${marker} ${agent}"` },
    { name: 'packed bytes', path: '/v1/track', body: gzipSync(JSON.stringify({ ...good, context: device })) },
  ])('stores none of $name', async ({ path, body }) => {
    const kept = collectInMemory({ trustedProxies: 1 });
    await kept.request(post(path, body, headers));
    expect(stored(kept)).toMatch(/203\.0\.113\.77/);
    const collect = anonymous();
    await collect.request(post(path, body, headers));
    expect(stored(collect)).not.toMatch(/203\.0\.113\.77|Marker/);
    expect(collect.events().length).toBe(kept.events().length);
    expect(collect.quarantined().length).toBe(kept.quarantined().length);
  });

  const name = fc.constantFrom(
    'ip',
    'IP',
    'ipAddress',
    'client_ip',
    'remoteAddr',
    'User-Agent',
    'x-forwarded-for',
    'macAddress',
  );
  const other = fc.constantFrom('zip', 'shipped', 'tip', 'agent', 'address', 'recipient', 'macro', 'description');

  it('drops fields by their names at any depth, and no others', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.array(other, { maxLength: 5 }), name, other)),
        fc.boolean(),
        async (all, isBad) => {
          const properties = all.map(([path, field, beside]) =>
            path.reduce<object>((inner, at) => ({ [at]: [inner] }), { [field]: marker, [beside]: 'kept' }),
          );
          const collect = anonymous();
          await collect.request(
            post('/v1/track', { ...good, ...(isBad && { event: 1 }), properties: { properties } }, headers),
          );
          const text = stored(collect);
          expect(text).not.toContain(marker);
          expect(text.split('kept').length - 1).toBe(all.length);
        },
      ),
    ));

  it('keeps them otherwise', async () => {
    const collect = collectInMemory();
    await collect.request(post('/v1/track', { ...good, context: device }, headers));
    expect(collect.events()[0]?.context).toMatchObject(device);
  });
});

it('stores none of what a vendor posts', async () => {
  const vendor = vendorNamed('SendGrid');
  const source = { id: 'mail', kind: 'webhook', signature: vendor.signature, clientAnonymous: true };
  const collect = webhookCollect({
    sources: [source],
    secrets: { mail: { secrets: [vendor.secret] } },
    now: Date.now(),
  });
  const click = {
    email: 'ann@shop.example',
    event: 'click',
    timestamp: 1,
    sg_event_id: 'e',
    ip: marker,
    useragent: agent,
  };
  const signed = await vendor.sign(JSON.stringify([click, { ...click, event: 'unheard' }]), Date.now());
  const type = { 'content-type': 'application/json' };
  await collect.request({ path: '/v1/sources/mail', headers: { ...type, ...signed.headers }, body: signed.body });
  expect([collect.events().length, collect.quarantined().length]).toEqual([1, 1]);
  expect(JSON.stringify([collect.events(), collect.quarantined()])).not.toMatch(/203\.0\.113\.77|Marker/);
});

it('stores none of what comes in topics', async () => {
  const { take, events, quarantine } = topicsWorld(undefined, undefined, { clientAnonymous: true });
  const call = { type: 'track', event: 'Visit', context: device };
  await take([
    recordOf({ ...call, userId: 'ann' }),
    recordOf(call, { offset: 2 }),
    recordOf(`{"ip":"${marker}"`, { offset: 3 }),
  ]);
  expect([events().length, quarantine().length]).toEqual([1, 2]);
  expect(JSON.stringify([events(), quarantine()])).not.toMatch(/203\.0\.113\.77|Marker/);
});
