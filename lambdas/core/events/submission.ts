import { got } from '../values/got.ts';
import { isObject } from '../values/json.ts';
import { sentAt as readSentAt } from './client-forms.ts';
import { type EventType, limits } from './event.ts';
import { findFlaw } from './json-flaw.ts';
import { fieldPath } from './rejection.ts';
import { utf8Bytes } from './stream-record.ts';

/** What the events of one request share: a type from the path, and fields of the batch. */
export interface Shared {
  readonly type?: EventType;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly integrations?: Readonly<Record<string, unknown>>;
  readonly sentAt?: string;
}

/** A faulty field of the batch that its events are judged without. */
interface LeftOut {
  readonly field: string;
  readonly reason: string;
  readonly item: unknown;
}

/** The events of one request before validation, and what they share. */
export interface Submission {
  readonly items: readonly unknown[];
  readonly shared: Shared;
  readonly leftOut: readonly LeftOut[];
}

/** Why a whole request is refused; the client should repeat a `damaged` one. */
export interface Refusal {
  readonly kind: 'invalid' | 'too_large' | 'unsupported' | 'damaged';
  readonly message: string;
}

type ReadSubmission =
  | { readonly ok: true; readonly submission: Submission }
  | { readonly ok: false; readonly refusal: Refusal };

/** Finds the events in a parsed body: the body itself for a call of one type, its `batch` otherwise. */
export function readSubmission(body: unknown, call: EventType | 'batch'): ReadSubmission {
  if (!isObject(body)) return refuseSubmission('invalid', `the body must be a JSON object; ${got(body)}`);
  if (call !== 'batch') return { ok: true, submission: { items: [body], shared: { type: call }, leftOut: [] } };
  const { batch: items, context, integrations, sentAt } = body;
  if (!Array.isArray(items)) return refuseSubmission('invalid', `batch must be an array of events; ${got(items)}`);
  if (items.length === 0)
    return refuseSubmission('invalid', `batch must hold 1 to ${limits.batchEvents} events; ${got(items)}`);
  if (items.length > limits.batchEvents)
    return refuseSubmission('too_large', `batch must hold 1 to ${limits.batchEvents} events; ${got(items)}`);
  const ofContext = leftOutOf('context', context);
  const ofIntegrations = leftOutOf('integrations', integrations);
  const sent = readSentAt(sentAt);
  const shared = {
    ...(isObject(context) && ofContext.length === 0 && { context }),
    ...(isObject(integrations) && ofIntegrations.length === 0 && { integrations }),
    ...(sent !== undefined && { sentAt: sent as string }),
  };
  // Merging must not turn a small request into a huge one.
  const repeated = utf8Bytes(JSON.stringify(shared)) * items.length;
  if (repeated > limits.requestBytes)
    return refuseSubmission(
      'too_large',
      `context and integrations, merged into each event, must have at most ${limits.requestBytes} bytes; got ${repeated}`,
    );
  return { ok: true, submission: { items, shared, leftOut: [...ofContext, ...ofIntegrations] } };
}

/**
 * A mistake in the batch's own fields must not cost its events: they are judged without the field, and the sender is
 * warned.
 */
function leftOutOf(name: string, fields: unknown): LeftOut[] {
  if (fields === undefined || fields === null || isEmptyArray(fields)) return [];
  if (!isObject(fields))
    return [
      { field: name, reason: `must be an object; ${got(fields)}; the events were taken without it`, item: fields },
    ];
  const flaw = findFlaw(fields, 1);
  if (flaw === undefined) return [];
  return [
    {
      field: fieldPath([name, ...flaw.path]),
      reason: `${flaw.reason}; the events were taken without ${name}`,
      item: fields,
    },
  ];
}

/** PHP clients send an empty object as []. */
export const isEmptyArray = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

const refuseSubmission = (kind: Refusal['kind'], message: string): ReadSubmission => ({
  ok: false,
  refusal: { kind, message },
});
