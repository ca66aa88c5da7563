import { createHash } from 'node:crypto';
import type { DeclaredHmac, Signature } from '../../core/sources/signature.ts';
import type { Claim, SignedRequest } from './signed-request.ts';

/** Reads what a request claims, by the scheme of its source. */
export function claimOf(signature: Signature, request: SignedRequest): Claim {
  switch (signature.scheme) {
    case 'stripe':
      return stripe(request);
    case 'shopify':
      return { ...hmac, encoding: 'base64', given: [at(request, 'x-shopify-hmac-sha256')], signed: [[request.body]] };
    case 'hubspot':
      return hubspot(request);
    case 'github':
    case 'meta':
      return { ...hmac, given: [after('sha256=', at(request, 'x-hub-signature-256'))], signed: [[request.body]] };
    case 'standard':
      return standard(request, 'webhook');
    case 'svix':
      return standard(request, request.headers['svix-id'] === undefined ? 'webhook' : 'svix');
    case 'sendgrid':
      return sendgrid(request);
    case 'twilio':
      return twilio(request);
    case 'hmac':
      return declared(request, signature);
  }
}

const hmac = { algorithm: 'sha256', encoding: 'hex' } as const;
const at = ({ headers }: SignedRequest, name: string): string => headers[name.toLowerCase()] ?? '';
const after = (prefix: string, text: string): string => (text.startsWith(prefix) ? text.slice(prefix.length) : '');
/** Only digits: `Number` would read more, e.g. an exponent. */
const instant = (text: string, unit: 1 | 1000): number => (/^\d{1,15}$/.test(text) ? Number(text) * unit : Number.NaN);

/** Signatures of the version `v1` count, those of the test version `v0` never. */
function stripe(request: SignedRequest): Claim {
  const parts = at(request, 'stripe-signature')
    .split(',')
    .map((part) => part.split('='));
  const valuesOf = (name: string) => parts.filter(([key]) => key === name).map(([, value = '']) => value);
  const [time = ''] = valuesOf('t');
  return { ...hmac, given: valuesOf('v1'), signed: [[`${time}.`, request.body]], at: instant(time, 1000) };
}

/** HubSpot signs the address with some escaped signs as they are. */
function hubspot(request: SignedRequest): Claim {
  const time = at(request, 'x-hubspot-request-timestamp');
  const urls = new Set([
    request.url,
    request.url.replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, decodeURIComponent),
  ]);
  return {
    ...hmac,
    encoding: 'base64',
    given: [at(request, 'x-hubspot-signature-v3')],
    signed: [...urls].map((url) => [request.method, url, request.body, time]),
    at: instant(time, 1),
  };
}

function standard(request: SignedRequest, brand: 'webhook' | 'svix'): Claim {
  const id = at(request, `${brand}-id`);
  const time = at(request, `${brand}-timestamp`);
  return {
    ...hmac,
    encoding: 'base64',
    given: at(request, `${brand}-signature`)
      .split(' ')
      .map((one) => after('v1,', one)),
    signed: [[`${id}.${time}.`, request.body]],
    keyOf: (secret) => Buffer.from(secret.startsWith('whsec_') ? secret.slice(6) : secret, 'base64'),
    at: instant(time, 1000),
    id,
  };
}

function sendgrid(request: SignedRequest): Claim {
  const time = at(request, 'x-twilio-email-event-webhook-timestamp');
  return {
    algorithm: 'ecdsa',
    encoding: 'base64',
    given: [at(request, 'x-twilio-email-event-webhook-signature')],
    signed: [[time, request.body]],
    at: instant(time, 1000),
  };
}

/**
 * Twilio signs the address, with or without its port, and the fields of a form in order. It signs no other body, but
 * the address then has its digest.
 */
function twilio(request: SignedRequest): Claim {
  const { url, body } = request;
  const digest = /[?&]bodySHA256=([^&]*)/.exec(url)?.[1];
  const fields = digest === undefined ? fieldsInOrder(body) : '';
  const bare = url.replace(/^(https:\/\/[^/?]*?):443(?=[/?]|$)/, '$1');
  return {
    algorithm: 'sha1',
    encoding: 'base64',
    given: [at(request, 'x-twilio-signature')],
    signed: [bare, bare.replace(/^(https:\/\/[^/?:]*)(?=[/?]|$)/, '$1:443')].map((address) => [address, fields]),
    isWhole: digest === undefined || createHash('sha256').update(body).digest('hex') === digest,
  };
}

function fieldsInOrder(body: Buffer): string {
  const form = new URLSearchParams(body.toString('utf8'));
  const names = [...new Set(form.keys())].sort();
  return names.flatMap((name) => [...new Set(form.getAll(name))].sort().map((value) => name + value)).join('');
}

function declared(request: SignedRequest, signature: DeclaredHmac): Claim {
  const { algorithm, encoding, header, prefix, signed, timestampHeader, idHeader } = signature;
  const time = timestampHeader === undefined ? '' : at(request, timestampHeader);
  const id = idHeader === undefined ? '' : at(request, idHeader);
  const places = new Map<string, string | Buffer>(
    Object.entries({ body: request.body, timestamp: time, id, url: request.url, method: request.method }),
  );
  return {
    algorithm,
    encoding,
    given: [after(prefix, at(request, header))],
    signed: [signed.split(/\{(\w+)\}/).map((part, n) => (n % 2 === 1 ? (places.get(part) ?? '') : part))],
    ...(timestampHeader !== undefined && { at: instant(time, time.length > 11 ? 1 : 1000) }),
    ...(signed.includes('{id}') && { id }),
  };
}
