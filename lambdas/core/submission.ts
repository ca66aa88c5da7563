import { type EventType, limits } from './event.ts';
import { findFlaw } from './flaw.ts';
import { parseInstant } from './instant.ts';
import { utf8Bytes } from './record.ts';
import { fieldPath } from './rejection.ts';

/** What the events of one request share: a type given by the path, and fields given once for the whole batch. */
export interface Shared {
  readonly type?: EventType;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly integrations?: Readonly<Record<string, unknown>>;
  readonly sentAt?: string;
}

/** The events of one request, not yet looked at, and what they share. */
export interface Submission {
  readonly items: readonly unknown[];
  readonly shared: Shared;
}

/** Why a request is refused as a whole. */
export interface Refusal {
  readonly kind: 'invalid' | 'too_large';
  readonly message: string;
}

export type ReadSubmission = { readonly ok: true; readonly submission: Submission } | { readonly ok: false; readonly refusal: Refusal };

/** Finds the events in a parsed body: the body itself for a call of one type, its `batch` otherwise. */
export function readSubmission(body: unknown, call: EventType | 'batch'): ReadSubmission {
  if (!isObject(body)) return refuse('invalid', 'the body must be a JSON object');
  if (call !== 'batch') return { ok: true, submission: { items: [body], shared: { type: call } } };
  const { batch: items, context, integrations, sentAt } = body;
  if (!Array.isArray(items)) return refuse('invalid', 'batch must be an array of events');
  if (items.length === 0) return refuse('invalid', 'batch holds no event');
  if (items.length > limits.batchEvents) return refuse('too_large', `batch holds ${items.length} events; at most ${limits.batchEvents} are accepted`);
  const problem = fieldsProblem('context', context) ?? fieldsProblem('integrations', integrations);
  if (problem !== undefined) return refuse('invalid', problem);
  const shared = {
    ...(isObject(context) && { context }),
    ...(isObject(integrations) && { integrations }),
    ...(typeof sentAt === 'string' && parseInstant(sentAt) !== undefined && { sentAt }),
  };
  // A small request must not become a huge one by repeating what it says once.
  if (utf8Bytes(JSON.stringify(shared)) * items.length > limits.requestBytes)
    return refuse('too_large', 'batch is too large once its context and integrations are merged into each event');
  return { ok: true, submission: { items, shared } };
}

function fieldsProblem(name: string, fields: unknown): string | undefined {
  if (fields === undefined || fields === null || isEmptyArray(fields)) return undefined;
  if (!isObject(fields)) return `${name} must be an object`;
  const flaw = findFlaw(fields, 1);
  return flaw && `${fieldPath([name, ...flaw.path])} ${flaw.reason}`;
}

/** PHP clients write an empty object as []. */
export const isEmptyArray = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** Says whether a parsed JSON value is an object with fields. */
export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const refuse = (kind: Refusal['kind'], message: string): ReadSubmission => ({ ok: false, refusal: { kind, message } });
