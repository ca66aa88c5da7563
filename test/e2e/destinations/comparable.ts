import type { Sent } from '../../fixtures/catalogue/switch-fetch.ts';

/** Headers of the connection, which a client adds itself. */
const ofConnection = new Set([
  ...['accept', 'accept-encoding', 'connection', 'content-length', 'host', 'transfer-encoding', 'user-agent'],
]);

/** What a tool makes up for each request, by its code. */
const madeUp: Readonly<Record<string, readonly RegExp[]>> = {
  // An id of its own for each subscription.
  'dynamic-yield-audiences': [/(?<="audience_subscription_request","id":")[0-9a-f-]{36}/g],
  // A token that it signs itself, with the time and a random id.
  'yahoo-audiences': [/(?<=client_assertion=)[^&]+/g],
  // WSSE: a nonce and a digest of nonce and time.
  emarsys: [/(?<=PasswordDigest=")[^"]+/g, /(?<=Nonce=")[^"]+/g],
};

/**
 * A request as text: method, URL, headers, body. The times of now are left out: some tools say when they send, and an
 * exit says when it is told. The times of the event are long before.
 */
export function comparable(tool: string, { method, url, headers, body }: Sent, since: number): string {
  const own = Object.entries(headers).filter(([name]) => !ofConnection.has(name));
  const text = [`${method} ${url}`, ...own.map((header) => header.join(': ')).sort(), '', body].join('\n');
  const masked = (madeUp[tool] ?? []).reduce((rest, each) => rest.replaceAll(each, 'made up'), text);
  const timeless = masked
    .replaceAll(/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)Z?/g, (time: string, inUtc: string) =>
      Date.parse(`${inUtc}Z`) >= since - second ? 'now' : time,
    )
    .replaceAll(/(?<!\d)\d{10}(\d{3}){0,2}(?!\d)/g, (time) => (isNow(time, since) ? 'now' : time));
  // A signature over a body with such a time.
  return timeless === masked ? masked : timeless.replace(/(?<=x-signature: )\w+/, 'of now');
}

const second = 1_000;
const year = 366 * 24 * 3_600 * second;

/** Seconds, milliseconds or microseconds since 1970, of the time of the test or of up to a year after. */
function isNow(digits: string, since: number): boolean {
  const time = Number(digits.slice(0, 13).padEnd(13, '0'));
  return time >= since - second && time <= since + year;
}
