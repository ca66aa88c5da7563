import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signatureHeaders } from '../../../../lambdas/adapters/destinations/native/signature.ts';

describe('the signature of a webhook', () => {
  it('is that of Standard Webhooks for their example', () =>
    expect(
      signatureHeaders('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', {
        id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        at: 1_614_265_330_000,
        body: '{"test": 2432232314}',
      })['webhook-signature'],
    ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='));

  it('is over id, time and body with any secret, and beside it over the body as Segment signs', () => {
    const headers = signatureHeaders('shh', { id: 'm1', at: 1_999, body: '{}' });
    expect(headers).toEqual({
      'webhook-id': 'm1',
      'webhook-timestamp': '1',
      'webhook-signature': `v1,${createHmac('sha256', 'shh').update('m1.1.{}').digest('base64')}`,
      'x-signature': createHmac('sha1', 'shh').update('{}').digest('hex'),
    });
  });

  it('differs when the id, the time or the body does', () => {
    const signed = { id: 'm1', at: 60_000, body: '{}' };
    const all = [signed, { ...signed, id: 'm2' }, { ...signed, at: 61_000 }, { ...signed, body: '{ }' }];
    expect(new Set(all.map((each) => signatureHeaders('s', each)['webhook-signature'])).size).toBe(4);
  });
});
