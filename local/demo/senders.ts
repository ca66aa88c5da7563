import RudderStack from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import type { Call, Sender } from './shop/calls.ts';

/** Sends calls in one request and resolves when the platform has accepted them. */
export interface Client {
  send(calls: readonly Call[]): Promise<void>;
  close(): Promise<void>;
}

/** The URL for events and the write keys of the sources. */
export interface Target {
  readonly ingestUrl: string;
  readonly writeKey: string;
  readonly browserWriteKey: string;
}

/** An SDK gave up on calls; `reasons` has the SDK's distinct messages. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
  readonly count: number;
  readonly reasons: readonly string[];

  constructor(count: number, reasons: readonly string[]) {
    super(`${count} calls were not accepted: ${reasons.join('; ')}`);
    this.count = count;
    this.reasons = reasons;
  }
}

/** Larger than every request of the demo, so the SDKs send only at a flush. */
const flushAt = 500;
/** Milliseconds. A busy machine can answer late, and an SDK sends again after a timeout. */
const requestTimeout = 60_000;

/** Selects the SDK of a sender: RudderStack's for the newsletter tool, Segment's for the others. */
export const clientOf = (sender: Sender, { ingestUrl, writeKey, browserWriteKey }: Target): Client => {
  if (sender === 'newsletter-tool') return rudderStackClient(ingestUrl, writeKey);
  return segmentClient(ingestUrl, sender === 'storefront' ? browserWriteKey : writeKey);
};

/** Counts failures by the SDK's event, because its callbacks are 300 ms late. */
function segmentClient(host: string, writeKey: string): Client {
  const analytics = new Analytics({ host, writeKey, flushAt, httpRequestTimeout: requestTimeout, maxRetries: 3 });
  const failures: unknown[] = [];
  analytics.on('error', ({ reason }) => failures.push(reason));
  return {
    send: async (calls) => {
      for (const call of calls) {
        if (call.type === 'page') analytics.page({ ...fieldsOf(call), name: call.name });
        else if (call.type === 'track')
          analytics.track({ ...fieldsOf(call), event: call.event, properties: call.properties });
        else if (call.type === 'group')
          analytics.group({ ...fieldsOf(call), groupId: call.groupId, traits: call.traits });
        else analytics.identify({ ...fieldsOf(call), traits: call.traits });
      }
      await analytics.flush();
      failWith(failures.splice(0));
    },
    close: () => analytics.closeAndFlush(),
  };
}

/**
 * Collects failures from the callback of each call. The empty error handler stops the SDK from throwing errors that no
 * code can catch.
 */
function rudderStackClient(dataPlaneUrl: string, writeKey: string): Client {
  const client = new RudderStack(writeKey, { dataPlaneUrl, flushAt, logLevel: 'none', errorHandler: () => {} });
  const say = (call: Call, answer: (error?: unknown) => void): void => {
    if (call.type === 'page') client.page({ ...fieldsOf(call), name: call.name }, answer);
    else if (call.type === 'track')
      client.track({ ...fieldsOf(call), event: call.event, properties: call.properties }, answer);
    else if (call.type === 'group')
      client.group({ ...fieldsOf(call), groupId: call.groupId, traits: call.traits }, answer);
    else client.identify({ ...fieldsOf(call), traits: call.traits }, answer);
  };
  return {
    send: async (calls) => {
      const answers = calls.map((call) => new Promise<unknown>((resolve) => say(call, resolve)));
      await client.flush();
      failWith((await Promise.all(answers)).filter((error) => error !== undefined && error !== null));
    },
    close: async () => {},
  };
}

function fieldsOf({ messageId, userId, anonymousId, at, context }: Call) {
  const both = {
    messageId,
    timestamp: new Date(at),
    ...(anonymousId !== undefined && { anonymousId }),
    ...(context && { context }),
  };
  return userId === undefined ? { ...both, anonymousId: anonymousId ?? '' } : { ...both, userId };
}

function failWith(failures: readonly unknown[]): void {
  const reasons = new Set(failures.map((error) => (error instanceof Error ? error.message : String(error))));
  if (failures.length > 0) throw new NotSent(failures.length, [...reasons]);
}
