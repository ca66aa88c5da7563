import { createHmac } from 'node:crypto';
import { platform } from '../platform/deployment.ts';
import type { Attempt } from '../platform/receiver.ts';

/** A delivery attempt with its body read. */
interface ReadAttempt extends Attempt {
  readonly body: {
    readonly type: string;
    readonly event: string;
    readonly messageId: string;
    readonly userId?: string;
    readonly properties: Readonly<Record<string, unknown>>;
    readonly context: {
      readonly personas: Readonly<Record<string, unknown>>;
      readonly traits: Readonly<Record<string, unknown>>;
    };
  };
}

/** Every request about a person and a segment that the destination got, oldest first. */
export const attemptsAbout = async (who: string): Promise<ReadAttempt[]> =>
  (await allAbout(who)).filter(({ body }) => isOfAudience(body));

/** Every request with an event that was forwarded to the destination, oldest first. */
export const forwardedOf = async (who: string): Promise<ReadAttempt[]> =>
  (await allAbout(who)).filter(({ body }) => !isOfAudience(body));

const isOfAudience = ({ event }: ReadAttempt['body']): boolean => /^Audience (Entered|Exited)$/.test(event);

async function allAbout(who: string): Promise<ReadAttempt[]> {
  const attempts = (await (await fetch(`${platform.receiverUrl}/attempts`)).json()) as Attempt[];
  return attempts
    .filter((attempt) => attempt.who === who)
    .map((attempt) => ({ ...attempt, body: JSON.parse(attempt.text) }));
}

/** Makes the destination answer 500 to the next so many requests about a person. */
export async function failFor(who: string, times: number): Promise<void> {
  const { status } = await fetch(`${platform.receiverUrl}/faults/${encodeURIComponent(who)}?times=${times}`, {
    method: 'PUT',
  });
  if (status !== 204) throw new Error(`the receiver answered ${status}`);
}

/**
 * What the destination has been told and has taken, e.g. `['newsletter entered']`, repetitions of the same news once.
 */
export function news(attempts: readonly ReadAttempt[]): string[] {
  const taken = attempts.filter(({ answered }) => answered === 200);
  const once = new Map(taken.map(({ body }) => [body.messageId, body]));
  return [...once.values()]
    .map(({ properties, event }) => `${properties.audience_key} ${event === 'Audience Entered' ? 'entered' : 'exited'}`)
    .sort();
}

/** One piece of news about a membership, and when the destination had taken it first, milliseconds since 1970. */
interface MembershipNews {
  readonly change: 'entered' | 'exited';
  readonly at: number;
  readonly messageId: string;
}

/** The news about a person's membership in a segment that the destination has taken, repetitions once, in order. */
export async function newsAbout(who: string, segment: string): Promise<MembershipNews[]> {
  const taken = (await attemptsAbout(who)).filter(
    ({ answered, body }) => answered === 200 && body.properties.audience_key === segment,
  );
  const first = [...Map.groupBy(taken, ({ body }) => body.messageId).values()].flatMap((same) => same.slice(0, 1));
  return first.map(({ at, body: { event, messageId } }) => ({
    change: event === 'Audience Entered' ? 'entered' : 'exited',
    at: Date.parse(at),
    messageId,
  }));
}

/** The signature that a request with this text must have. */
export const signatureOf = (text: string): string =>
  createHmac('sha1', platform.sharedSecret).update(text).digest('hex');
