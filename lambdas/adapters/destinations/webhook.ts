import webhookDefinition from '@segment/action-destinations/dist/destinations/webhook/index.js';
import { Destination, type DestinationDefinition, type RequestOptions, type SegmentEvent } from '@segment/actions-core';
import type { AudienceEvent } from '../../core/destinations/audience-event.ts';
import type { DestinationSettings } from '../secrets/destination-settings.ts';
import { egressAgent } from './egress.ts';

/** A receiver has this long to answer. */
const timeoutMs = 5_000;
/** Bytes of an answer that are read at the most. */
const answerBytes = 256 * 1024;

/** Sends an event through the catalogue's own webhook destination, which signs it; private addresses and redirects are refused. */
export const webhook =
  (settings: () => Promise<DestinationSettings>) =>
  async (event: AudienceEvent): Promise<void> => {
    const { url, sharedSecret, allowedPrivateHosts } = await settings();
    const destination = new Destination(guard(allowedPrivateHosts));
    const sent = destination.onEvent(event as SegmentEvent, {
      ...(sharedSecret !== undefined && { sharedSecret }),
      subscription: {
        subscribe: 'type = "track"',
        partnerAction: 'send',
        mapping: { url, method: 'POST', data: { '@path': '$.' } },
      },
    });
    await sent.catch(asNotTaken);
  };

/** The receiver answered, and did not take the event. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
  constructor(
    readonly status: number,
    /** When it wants to be asked again, as it said so. */
    readonly retryAfter: string | undefined,
  ) {
    super(`the receiver answered ${status}`);
  }
}

/** The catalogue's error holds the whole answer. @throws NotTaken, or the error where there was no answer */
function asNotTaken(error: Error & { readonly response?: Pick<Response, 'status' | 'headers'> }): never {
  if (error.response === undefined) throw error;
  throw new NotTaken(error.response.status, error.response.headers.get('retry-after') ?? undefined);
}

function guard(allowedPrivateHosts: readonly string[]): DestinationDefinition<Record<string, unknown>> {
  const definition = interop(webhookDefinition);
  // A function chooses an agent for each URL; the catalogue's type knows one agent only. It destroys the agent after each
  // answer, and these agents outlive a request.
  const agent: object = Object.assign(egressAgent(allowedPrivateHosts), { destroy: () => {} });
  return {
    ...definition,
    extendRequest: (input) => ({
      ...definition.extendRequest?.(input),
      agent: agent as RequestOptions['agent'],
      redirect: 'error',
      size: answerBytes,
      timeout: timeoutMs,
    }),
  };
}

/** CommonJS gives its default export one level down or not, depending on who bundles it. */
const interop = (module: unknown): DestinationDefinition<Record<string, unknown>> =>
  ((module as { default?: unknown }).default ?? module) as DestinationDefinition<Record<string, unknown>>;
