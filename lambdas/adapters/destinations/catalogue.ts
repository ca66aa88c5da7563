import {
  Destination,
  type DestinationDefinition,
  type JSONObject,
  type RequestOptions,
  type SegmentEvent,
} from '@segment/actions-core';
import type { Call } from '../../core/destinations/destination.ts';
import { egressAgent } from './egress.ts';

/** Milliseconds that a receiver has to answer. */
const timeoutMs = 5_000;
/** Maximum bytes to read from an answer. */
const answerBytes = 256 * 1024;

/** How one of the catalogue's destinations is called. */
export interface Sending {
  /** Name of the action in the destination's definition. */
  readonly action: string;
  /** Fields of the action, as Segment's mappings write them. */
  readonly mapping: JSONObject;
  /** What the destination's definition calls settings. */
  readonly settings: JSONObject;
  readonly allowedPrivateHosts: readonly string[];
}

/** The receiver answered, and refused the event. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
  readonly status: number;
  /** The receiver's `Retry-After` header. */
  readonly retryAfter: string | undefined;

  constructor(status: number, retryAfter: string | undefined) {
    super(`the receiver answered ${status}`);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/**
 * Sends an event through a destination of the catalogue; private addresses and redirects are refused.
 * @throws NotTaken when the receiver refuses it, or the error where there was no answer
 */
export async function sendThrough(
  definition: unknown,
  call: Call,
  { action, mapping, settings, allowedPrivateHosts }: Sending,
): Promise<void> {
  const destination = new Destination(guard(interop(definition), allowedPrivateHosts));
  const subscription = { subscribe: 'type = "track"', partnerAction: action, mapping };
  await destination.onEvent(call as SegmentEvent, { ...settings, subscription }).catch(asNotTaken);
}

/**
 * The catalogue's error contains the whole answer.
 * @throws NotTaken, or the error itself without an answer
 */
function asNotTaken(error: Error & { readonly response?: Pick<Response, 'status' | 'headers'> }): never {
  if (error.response === undefined) throw error;
  throw new NotTaken(error.response.status, error.response.headers.get('retry-after') ?? undefined);
}

type Definition = DestinationDefinition<Record<string, unknown>>;

function guard(definition: Definition, allowedPrivateHosts: readonly string[]): Definition {
  // The catalogue's type allows one agent, and destroys it after each answer. This function selects an agent for each
  // URL, and the agents outlive a request.
  const agent: object = Object.assign(egressAgent(allowedPrivateHosts), { destroy: () => {} });
  return {
    ...definition,
    // The catalogue finds its schemas by this name, which must be the scheme of a URI; "Braze (Actions)" is none.
    name: `tool-${definition.name.replace(/[^a-z0-9]/gi, '-')}`,
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
const interop = (module: unknown): Definition => ((module as { default?: unknown }).default ?? module) as Definition;
