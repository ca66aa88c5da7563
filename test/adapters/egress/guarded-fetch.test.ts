import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ForbiddenAddress } from '../../../lambdas/adapters/egress/addresses.ts';
import { guardedFetch, Request } from '../../../lambdas/adapters/egress/guarded-fetch.ts';
import { onTrip } from '../../../lambdas/adapters/egress/trip.ts';
import { type Answer, closeReceivers, receiver } from '../../fixtures/receiver.ts';

afterEach(closeReceivers);

/** Milliseconds that an attempt has here; more where the receiver does not keep it waiting, for a busy machine. */
const patience = 400;
const patienceWith = ({ behave }: Answer): number => (behave === undefined ? 25 * patience : patience);

/** Calls a receiver within an attempt: the answer or the error, and the requests that were counted. */
async function call(answer: Answer, path = '/hook?token=very-secret') {
  const { host, requests } = await receiver(answer);
  return onTrip({ allowedPrivateHosts: [host], deadline: Date.now() + patienceWith(answer) }, async (trip) => {
    const url = `http://${host}${path}`;
    const got = await guardedFetch(url, { method: 'POST', body: '{}' }).then(
      async (response) => ({ status: response.status, text: await response.clone().text() }),
      (error: Error) => error,
    );
    return { got, counted: trip.requests, received: requests.length };
  });
}

const drips = (head: (response: ServerResponse) => void) => (response: ServerResponse) => {
  head(response);
  const timer = setInterval(() => response.write(' '), 20);
  response.once('close', () => clearInterval(timer));
};
const mebibyte = Buffer.alloc(1024 * 1024, 'x');
const named = (name: string) => expect.objectContaining({ name });

describe('what a receiver can do', () => {
  it.each<{ name: string; answer: Answer; got: unknown }>([
    { name: 'answer', answer: { body: 'fine' }, got: { status: 200, text: 'fine' } },
    { name: 'answer nothing', answer: { status: 204, body: '' }, got: { status: 204, text: '' } },
    {
      name: 'answer HTML and call it JSON',
      answer: { headers: { 'content-type': 'application/json' }, body: '<html>' },
      got: { status: 200, text: '<html>' },
    },
    { name: 'refuse', answer: { status: 400, body: 'no' }, got: { status: 400, text: 'no' } },
    {
      name: 'answer at great length after it accepted',
      answer: { body: mebibyte },
      got: { status: 200, text: 'x'.repeat(256 * 1024) },
    },
    {
      name: 'refuse at great length',
      answer: { status: 503, body: mebibyte },
      got: { status: 503, text: 'x'.repeat(256 * 1024) },
    },
    { name: 'never answer', answer: { behave: () => {} }, got: named('AnswerTooLate') },
    {
      name: 'accept and never end',
      answer: { behave: drips((response) => response.writeHead(200)) },
      got: named('AnswerTooLate'),
    },
    {
      name: 'refuse and never end',
      answer: { behave: drips((response) => response.writeHead(503)) },
      got: expect.objectContaining({ status: 503 }),
    },
    {
      name: 'drip its head',
      answer: { behave: drips((response) => response.socket?.write('HTTP/1.1 200 OK\r\nx-drip: ')) },
      got: expect.objectContaining({ name: expect.stringMatching(/AnswerTooLate|ConnectionFailed/) }),
    },
    {
      name: 'break off before its head',
      answer: { behave: (response) => response.socket?.resetAndDestroy() },
      got: named('ConnectionFailed'),
    },
    {
      name: 'break off within its body',
      answer: {
        behave: (response) => {
          response.writeHead(200, { 'content-length': '100' }).write('half');
          setTimeout(() => response.socket?.resetAndDestroy(), 20);
        },
      },
      got: named('ConnectionFailed'),
    },
    ...[301, 302, 303, 307, 308].map((status) => ({
      name: `send its caller to the metadata of the machine by ${status}`,
      answer: { status, headers: { location: 'http://169.254.169.254/latest/meta-data/' } },
      got: named('Redirected'),
    })),
  ])('$name', async ({ answer, got: expected }) => {
    const started = Date.now();
    const { got, counted, received } = await call(answer);
    expect(got).toEqual(expected);
    expect([counted, received]).toEqual([1, 1]);
    expect(Date.now() - started).toBeLessThan(patienceWith(answer) * 5);
    expect(`${got instanceof Error ? [got.message, got.stack, JSON.stringify(got)] : ''}`).not.toMatch(/secret|127\.0/);
  });

  it('ends a compressed answer at its size after unpacking', async () => {
    const { gzipSync } = await import('node:zlib');
    const body = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const { got } = await call({ headers: { 'content-encoding': 'gzip' }, body });
    expect('text' in got && got.text.length).toBe(256 * 1024);
  });

  it('costs nobody else: of ten attempts at once, the one that drips fails alone', async () => {
    const fine = { body: 'fine' };
    const answers = [{ behave: drips((response) => response.writeHead(200)) }, ...Array(9).fill(fine)];
    const ended = await Promise.all(answers.map((answer) => call(answer)));
    expect(ended.map(({ got }) => ('status' in got ? got.status : got.name))).toEqual([
      'AnswerTooLate',
      ...Array(9).fill(200),
    ]);
  });
});

describe('where it goes', () => {
  const goes = (url: string, allowedPrivateHosts: string[] = []) =>
    onTrip({ allowedPrivateHosts, deadline: Date.now() + patience }, () => guardedFetch(url)).then(
      ({ status }) => status,
      (error: Error) => error,
    );

  it.each([
    'http://example.com/',
    'https://127.0.0.1/',
    'https://localhost/',
    'https://[::1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://0177.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[fd00:ec2::254]/',
    'https://100.64.0.1/',
  ])('never to %s', async (url) => expect(await goes(url)).toBeInstanceOf(ForbiddenAddress));

  it('to a port that was allowed and no other', async () => {
    const [one, other] = [await receiver({}), await receiver({})];
    expect(await goes(`http://${one.host}/`, [one.host])).toBe(200);
    expect(await goes(`http://${other.host}/`, [one.host])).toBeInstanceOf(ForbiddenAddress);
    expect(other.requests).toEqual([]);
  });

  it('nowhere outside of an attempt', async () => {
    const { host, requests } = await receiver({});
    await expect(guardedFetch(`http://${host}/`)).rejects.toThrow(ForbiddenAddress);
    expect(requests).toEqual([]);
  });

  it.each(['not a url', 'https://', 'file:///etc/passwd'])(
    'not to %s, which its error does not repeat',
    async (url) => {
      const error = await goes(url);
      expect(error).toBeInstanceOf(Error);
      expect(String((error as Error).message)).not.toContain(url);
    },
  );
});

it("ends when the destination's own code ends the request", async () => {
  const { host } = await receiver({ behave: drips((response) => response.writeHead(200)) });
  const own = new AbortController();
  setTimeout(() => own.abort(), 50);
  const asked = onTrip({ allowedPrivateHosts: [host], deadline: Date.now() + 5_000 }, () =>
    guardedFetch(new Request(`http://${host}/`, { signal: own.signal })),
  );
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
});
