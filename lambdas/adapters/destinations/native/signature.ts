import { createHmac } from 'node:crypto';

/** What is signed: the id of a call, the time in milliseconds since 1970, and the body. */
export interface Signed {
  readonly id: string;
  readonly at: number;
  readonly body: string;
}

const prefix = 'whsec_';

/**
 * Headers by which a receiver knows that a request is the platform's, whole and new: the scheme of Standard Webhooks
 * over id, time and body, and beside it Segment's own signature of the body alone.
 */
export function signatureHeaders(secret: string, { id, at, body }: Signed): Record<string, string> {
  const seconds = String(Math.floor(at / 1_000));
  const key = secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), 'base64') : Buffer.from(secret);
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': seconds,
    'webhook-signature': `v1,${signature}`,
    'x-signature': createHmac('sha1', secret).update(body).digest('hex'),
  };
}
