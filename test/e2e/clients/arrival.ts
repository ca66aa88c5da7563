import { expect } from 'vitest';
import { attemptsAbout, news, signatureOf } from '../observed/deliveries.ts';
import { eventually } from '../observed/eventually.ts';
import { type LakeLine, rawEvents } from '../observed/lake.ts';
import { profileOf } from '../observed/profiles.ts';
import { type Call, type Shopper, visited } from './shopper.ts';

/** Expects that a visit has become raw events, a profile and news for the destination, all of them right. */
export async function expectArrival(shopper: Shopper, calls: readonly Call[], sourceId: string): Promise<void> {
  await eventually(() => expectRawEvents(shopper, calls, sourceId));
  await eventually(async () => expect(await profileOf(`user_id:${shopper.userId}`)).toMatchObject(visited(shopper)));
  await eventually(() => expectNews(shopper));
}

async function expectRawEvents(
  { userId, anonymousId }: Shopper,
  calls: readonly Call[],
  sourceId: string,
): Promise<void> {
  const theirs = (await rawEvents()).filter((event) => event.userId === userId || event.anonymousId === anonymousId);
  expect(theirs.map(({ type }) => type).sort()).toEqual(calls.map(({ type }) => type).sort());
  expect(new Set(theirs.map(({ messageId }) => messageId)).size).toBe(calls.length);
  for (const call of calls) {
    const event = theirs.find(({ type }) => type === call.type) ?? {};
    expect(asSent(event)).toMatchObject({ ...call, at: Date.parse(call.at) });
    expectStamp(event, sourceId);
  }
}

/** What a call said, wherever an SDK puts it: RudderStack's put the traits of an identify into its context. */
function asSent(event: LakeLine): LakeLine {
  const context = event.context as { traits?: object } | undefined;
  const traits =
    event.type === 'identify' ? { ...context?.traits, ...(event.traits as object | undefined) } : event.traits;
  return { ...event, traits, at: Date.parse(String(event.originalTimestamp)) };
}

const aMinute = 60_000;

/**
 * The platform's clock says when it happened: as long before the receipt as the client says it was before the sending.
 */
function expectStamp(
  { messageId, sourceId: source, receivedAt, timestamp, originalTimestamp, sentAt }: LakeLine,
  sourceId: string,
): void {
  const instant = (time: unknown): number => Date.parse(String(time));
  expect(messageId).toMatch(/^\S{1,100}$/);
  expect(source).toBe(sourceId);
  expect([receivedAt, timestamp]).toEqual([
    new Date(instant(receivedAt)).toISOString(),
    new Date(instant(timestamp)).toISOString(),
  ]);
  expect(Math.abs(Date.now() - instant(receivedAt))).toBeLessThan(2 * aMinute);
  expect(instant(timestamp) - (instant(receivedAt) - (instant(sentAt) - instant(originalTimestamp)))).toBeCloseTo(0, 0);
}

async function expectNews({ userId, email }: Shopper): Promise<void> {
  const attempts = await attemptsAbout(userId);
  expect(news(attempts)).toEqual(
    visited({ userId, email, anonymousId: '', previousId: '' }).segments.map((segment) => `${segment} entered`),
  );
  for (const { body, text, signature } of attempts) {
    const segment = String(body.properties.audience_key);
    expect(signature).toBe(signatureOf(text));
    expect(body).toMatchObject({
      type: 'track',
      event: 'Audience Entered',
      userId,
      properties: { [segment]: true },
      context: {
        personas: { computation_class: 'audience', computation_key: segment },
        traits: { email: email.toUpperCase() },
      },
    });
  }
}
