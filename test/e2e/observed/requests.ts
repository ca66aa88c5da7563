import { platform } from '../platform/deployment.ts';

/** An answer of the platform's HTTP API. */
interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Sends a request to the platform's HTTP API. */
export async function send(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${platform.ingestUrl}${path}`, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Basic authorization as most clients write it: the key, a colon, and no password. */
export const basic = (writeKey: string): string => `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`;

/** Posts JSON with the shop's server key. */
export const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  send(path, {
    method: 'POST',
    headers: { authorization: basic(platform.writeKey), 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

/** The body of an answer that is JSON. */
export const json = ({ text }: Answer): Record<string, unknown> => JSON.parse(text);
