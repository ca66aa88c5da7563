import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifySignature } from '../../../lambdas/adapters/sources/verify.ts';
import { Signature } from '../../../lambdas/core/sources/signature.ts';
import { numRuns } from '../../fixtures/laws.ts';
import { hookUrl, type Signed, type VendorLibrary, vendorLibraries, vendorNamed } from '../../fixtures/vendors.ts';

const takes = (request: Signed, signature: Signature, now: number, secrets = [request.secret]): boolean =>
  verifySignature(request, { signature, secrets }, now).ok;

const form = fc
  .dictionary(
    fc.constantFrom('To', 'From', 'MessageSid', 'MessageStatus', 'Body'),
    fc.stringMatching(/^[A-Za-z0-9 äß+]{1,20}$/),
    {
      minKeys: 1,
    },
  )
  .map((fields) => new URLSearchParams(fields).toString());
const json = fc.json({ maxDepth: 2 }).filter((text) => text.isWellFormed());
const bodyOf = ({ isForm }: VendorLibrary) => (isForm ? form : json.filter((text) => text.length > 0));

/** Another letter or sign in the place of one. */
const changed = (text: string, at: number, to: string): string => {
  const place = at % text.length;
  return text.slice(0, place) + to + text.slice(place + 1);
};
const letter = fc.constantFrom(...'abcXYZ0189-_=+/, .');

/** Values of a form, whose signs may be written in several ways without another meaning. */
const changedField = (body: string, at: number): string => {
  const places = [...body.matchAll(/(?<==[A-Za-z0-9+%]*)(?<!%)(?<!%.)[A-Za-z0-9]/g)].map(({ index }) => index);
  const place = places[at % places.length] ?? 0;
  return body.slice(0, place) + (body[place] === 'q' ? 'z' : 'q') + body.slice(place + 1);
};

/** One byte of one part of a request, changed. */
function tampered(vendor: VendorLibrary, request: Signed, part: number, at: number, to: string): Signed {
  const parts = ['body', 'secret', ...(vendor.isUrlSigned ? ['url'] : []), ...vendor.headers];
  const name = parts[part % parts.length] ?? 'body';
  if (name === 'secret') return { ...request, secret: changed(request.secret, at, to) };
  if (name === 'url') return { ...request, url: changed(request.url, 8 + (at % (request.url.length - 8)), to) };
  if (name !== 'body')
    return { ...request, headers: { ...request.headers, [name]: changed(request.headers[name] ?? '', at, to) } };
  if (vendor.isForm) return { ...request, body: Buffer.from(changedField(request.body.toString(), at)) };
  const body = Buffer.from(request.body);
  body[at % body.length] = (body[at % body.length] ?? 0) ^ (1 + (at % 255));
  return { ...request, body };
}

describe.each(vendorLibraries)('a request that $name’s own library signed', (vendor) => {
  const now = Date.now();

  it('is taken, by us as by the library', () =>
    fc.assert(
      fc.asyncProperty(bodyOf(vendor), async (body) => {
        const request = await vendor.sign(body, now);
        expect([takes(request, vendor.signature, now), await vendor.takes(request)]).toEqual([true, true]);
      }),
      { numRuns: numRuns(40) },
    ));

  it('is refused after one byte of its body, its headers, its address or the secret changed', () =>
    fc.assert(
      fc.asyncProperty(bodyOf(vendor), fc.nat(9), fc.nat(5000), letter, async (body, part, at, to) => {
        const request = await vendor.sign(body, now);
        const other = tampered(vendor, request, part, at, to);
        const isSame = ['secret', 'url'].every((name) => other[name as 'url'] === request[name as 'url']);
        fc.pre(
          !isSame ||
            !other.body.equals(request.body) ||
            JSON.stringify(other.headers) !== JSON.stringify(request.headers),
        );
        expect(takes(other, vendor.signature, now)).toBe(false);
      }),
      { numRuns: numRuns(400) },
    ));

  it('is taken with the new secret and with the old one, and with no third', async () => {
    const request = await vendor.sign(vendor.isForm ? 'To=1' : '{}', now);
    const other = 'another secret of this vendor';
    expect(takes(request, vendor.signature, now, [other, request.secret])).toBe(true);
    expect(takes(request, vendor.signature, now, [request.secret, other])).toBe(true);
    expect(takes(request, vendor.signature, now, [other])).toBe(false);
    expect(verifySignature(request, undefined, now).ok).toBe(false);
  });

  it('is refused without its headers', async () => {
    const request = await vendor.sign(vendor.isForm ? 'To=1' : '{}', now);
    for (const name of vendor.headers)
      expect(takes({ ...request, headers: { ...request.headers, [name]: undefined } }, vendor.signature, now)).toBe(
        false,
      );
  });
});

describe('a public key', () => {
  it.each([
    {
      form: 'with a sign of its second coordinate',
      change: (der: Buffer) => Buffer.from(der).fill(6 + ((der.at(-1) ?? 0) % 2), 26, 27),
    },
    { form: 'with a byte behind it', change: (der: Buffer) => Buffer.concat([der, Buffer.from([1])]) },
  ])('counts in one form only, and not $form', async ({ change }) => {
    const vendor = vendorNamed('SendGrid');
    const request = await vendor.sign('{}', Date.now());
    expect(takes(request, vendor.signature, Date.now())).toBe(true);
    const other = change(Buffer.from(request.secret, 'base64')).toString('base64');
    expect(takes({ ...request, secret: other }, vendor.signature, Date.now())).toBe(false);
  });
});

describe('where we and a vendor’s library differ', () => {
  const now = Date.now();
  const hour = 3_600_000;

  it.each(['Stripe', 'HubSpot'])('%s’s library takes a time an hour in the future; we do not', async (name) => {
    const vendor = vendorNamed(name);
    const request = await vendor.sign('{}', now + hour);
    expect([await vendor.takes(request), takes(request, vendor.signature, now)]).toEqual([true, false]);
  });

  it.each(['Stripe', 'HubSpot', 'Standard Webhooks', 'Svix'])(
    'nobody takes what %s signed an hour ago',
    async (name) => {
      const vendor = vendorNamed(name);
      const request = await vendor.sign('{}', now - hour);
      expect([await vendor.takes(request), takes(request, vendor.signature, now)]).toEqual([false, false]);
    },
  );

  it('Stripe’s library makes a text of the body, and so refuses bytes that are not UTF-8; we sign the bytes', async () => {
    const vendor = vendorNamed('Stripe');
    const body = Buffer.from([0x7b, 0xff, 0x7d]);
    const time = Math.floor(now / 1000);
    const hex = createHmac('sha256', vendor.secret).update(`${time}.`).update(body).digest('hex');
    const headers = { 'stripe-signature': `t=${time},v1=${hex}` };
    const request = { ...(await vendor.sign('{}', now)), body, headers };
    expect([await vendor.takes(request), takes(request, vendor.signature, now)]).toEqual([false, true]);
  });

  it('SendGrid’s library takes what was signed a day ago; we do unless a tolerance is declared', async () => {
    const vendor = vendorNamed('SendGrid');
    const request = await vendor.sign('[]', now - 24 * hour);
    expect([await vendor.takes(request), takes(request, vendor.signature, now)]).toEqual([true, true]);
    expect(takes(request, { scheme: 'sendgrid', toleranceSeconds: 600 }, now)).toBe(false);
  });

  it('Twilio signs the address with or without its port, and both libraries take both', async () => {
    const vendor = vendorNamed('Twilio');
    const request = await vendor.sign('To=1', now);
    const withPort = { ...request, url: hookUrl.replace('.example/', '.example:443/') };
    expect([await vendor.takes(withPort), takes(withPort, vendor.signature, now)]).toEqual([true, true]);
  });

  it('HubSpot’s library falls back to its version 1, without a time; we never take it', () => {
    const secret = 'the secret of an app';
    const v1 = createHash('sha256').update(`${secret}{}`).digest('hex');
    const headers = {
      'x-hubspot-signature': v1,
      'x-hubspot-signature-v3': v1,
      'x-hubspot-request-timestamp': String(now),
    };
    const request = { method: 'POST', url: hookUrl, headers, body: Buffer.from('{}'), secret };
    expect(takes(request, vendorNamed('HubSpot').signature, now)).toBe(false);
  });
});

describe('Twilio’s JSON', () => {
  const body = Buffer.from('{"status":"delivered"}');
  const digest = createHash('sha256').update(body).digest('hex');
  const url = `${hookUrl}&bodySHA256=${digest}`;
  const secret = vendorNamed('Twilio').secret;
  const headers = { 'x-twilio-signature': createHmac('sha1', secret).update(url).digest('base64') };
  const request = { method: 'POST', url, headers, body, secret };
  it('is proven by its digest in the signed address', () => expect(takes(request, { scheme: 'twilio' }, 0)).toBe(true));
  it('is refused when it changed', () =>
    expect(takes({ ...request, body: Buffer.from('{"status":"failed"}') }, { scheme: 'twilio' }, 0)).toBe(false));
});

describe('a declared HMAC', () => {
  const signature = Signature.parse({
    scheme: 'hmac',
    header: 'X-Slack-Signature',
    prefix: 'v0=',
    signed: 'v0:{timestamp}:{body}',
    timestampHeader: 'X-Slack-Request-Timestamp',
  });
  const secret = 'a signing secret';
  const now = Date.UTC(2026, 10, 29);
  const time = String(now / 1000);
  const hex = createHmac('sha256', secret).update(`v0:${time}:{}`).digest('hex');
  const headers = { 'x-slack-signature': `v0=${hex}`, 'x-slack-request-timestamp': time };
  const request = { method: 'POST', url: hookUrl, headers, body: Buffer.from('{}'), secret };
  it.each([
    { name: 'as it came', other: request, at: now, ok: true },
    { name: 'six minutes later', other: request, at: now + 360_000, ok: false },
    { name: 'six minutes before', other: request, at: now - 360_000, ok: false },
    { name: 'with another body', other: { ...request, body: Buffer.from('{} ') }, at: now, ok: false },
    {
      name: 'without the prefix',
      other: { ...request, headers: { ...headers, 'x-slack-signature': hex } },
      at: now,
      ok: false,
    },
    {
      name: 'with a time that is no number',
      other: { ...request, headers: { ...headers, 'x-slack-request-timestamp': `${time}e0` } },
      at: now,
      ok: false,
    },
  ])('$name: $ok', ({ other, at, ok }) => expect(takes(other, signature, at)).toBe(ok));

  it.each([
    { flaw: 'no body', signature: { scheme: 'hmac', header: 'x', signed: '{timestamp}', timestampHeader: 't' } },
    { flaw: 'no header for the time', signature: { scheme: 'hmac', header: 'x', signed: '{timestamp}{body}' } },
    { flaw: 'a time that nobody signed', signature: { scheme: 'hmac', header: 'x', timestampHeader: 't' } },
    { flaw: 'no header for the id', signature: { scheme: 'hmac', header: 'x', signed: '{id}{body}' } },
    { flaw: 'an unknown part', signature: { scheme: 'hmac', header: 'x', signed: '{body}{host}' } },
  ])('is refused at synth with $flaw', ({ signature: flawed }) =>
    expect(Signature.safeParse(flawed).success).toBe(false),
  );
});
