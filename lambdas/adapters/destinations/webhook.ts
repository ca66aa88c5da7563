import webhookDefinition from '@segment/action-destinations/dist/destinations/webhook/index.js';
import { Destination, type DestinationDefinition, type RequestOptions, type SegmentEvent } from '@segment/actions-core';
import type { AudienceEvent } from '../../core/destinations/audience-event.ts';
import type { DestinationSettings } from '../secrets/destination-settings.ts';
import { egressAgent } from './egress.ts';

/** Milliseconds that a receiver has to answer. */
const timeoutMs = 5_000;
/** Maximum bytes to read from an answer. */
const answerBytes = 256 * 1024;

/**
 * Sends an event with the catalogue's webhook destination, which signs it; private addresses and redirects are refused.
 */
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

/** The receiver answered, and refused the event. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
  constructor(
    readonly status: number,
    /** The receiver's `Retry-After` header. */
    readonly retryAfter: string | undefined,
  ) {
    super(`the receiver answered ${status}`);
  }
}

/**
 * The catalogue's error contains the whole answer.
 * @throws NotTaken, or the error itself without an answer
 */
function asNotTaken(error: Error & { readonly response?: Pick<Response, 'status' | 'headers'> }): never {
  if (error.response === undefined) throw error;
  throw new NotTaken(error.response.status, error.response.headers.get('retry-after') ?? undefined);
}

function guard(allowedPrivateHosts: readonly string[]): DestinationDefinition<Record<string, unknown>> {
  const definition = interop(webhookDefinition);
  // The catalogue's type allows one agent, and destroys it after each answer. This function selects an agent for each
  // URL, and the agents outlive a request.
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

/** The bundler decides whether the default export of a CommonJS module is one level down. */
const interop = (module: unknown): DestinationDefinition<Record<string, unknown>> =>
  ((module as { default?: unknown }).default ?? module) as DestinationDefinition<Record<string, unknown>>;
