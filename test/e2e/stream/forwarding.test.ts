import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { failFor, forwardedOf, signatureOf } from '../observed/deliveries.ts';
import { eventually } from '../observed/eventually.ts';
import { post } from '../observed/requests.ts';
import { unique } from '../platform/deployment.ts';

const order = (userId: string, more: object = {}) => ({
  type: 'track',
  event: 'Order Completed',
  messageId: randomUUID(),
  userId,
  properties: { total: 120.5 },
  ...more,
});
const taken = async (userId: string) =>
  (await forwardedOf(userId)).filter(({ answered }) => answered === 200).map(({ body }) => body.messageId);

describe.concurrent('an event that a destination wants', () => {
  it('arrives as it was accepted, signed, and no other does', async () => {
    const userId = unique('buyer');
    const [wanted, last] = [order(userId), order(userId)];
    const others = [
      { ...order(userId), event: 'Product Viewed' },
      order(userId, { integrations: { All: false } }),
      order(userId, { integrations: { crm: false } }),
    ];
    await post('/v1/batch', { batch: [wanted, ...others, last] });
    await eventually(async () =>
      expect((await taken(userId)).toSorted()).toEqual([wanted.messageId, last.messageId].toSorted()),
    );
    for (const { body, text, signature } of await forwardedOf(userId)) {
      expect(body).toMatchObject({
        event: 'Order Completed',
        userId,
        sourceId: 'shop-backend',
        properties: { total: 120.5 },
      });
      expect(signature).toBe(signatureOf(text));
    }
  });

  it('is tried again by itself when the destination takes the others', async () => {
    const [fails, goes] = [unique('fails-once'), unique('goes')];
    await failFor(fails, 1);
    const [first, second] = [order(fails), order(goes)];
    await post('/v1/batch', { batch: [first, second] });
    await eventually(async () => {
      expect(await taken(goes)).toEqual([second.messageId]);
      expect(await taken(fails)).toEqual([first.messageId]);
    });
    expect((await forwardedOf(goes)).length).toBe(1);
    expect((await forwardedOf(fails)).map(({ answered }) => answered)).toEqual([500, 200]);
  });
});
