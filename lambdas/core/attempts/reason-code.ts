import type { Outcome } from '../destinations/outcome.ts';

/** Why an attempt did not deliver: the whole list. A tool's own words may hold personal data, so none is recorded. */
export const reasonCodes = [
  'breaker_open',
  'rate_limited',
  'gone',
  'not_subscribed',
  'nothing_sent',
  'no_action',
  'no_consent',
  'suppressed',
  'unreadable',
  'changing',
  'no_time',
  'no_outcome',
  'not_configured',
  'unauthorized',
  'forbidden',
  'not_found',
  'conflict',
  'too_large',
  'too_many_requests',
  'invalid_payload',
  'client_error',
  'server_error',
  'timeout',
  'connection',
  'forbidden_address',
  'redirected',
  'aws',
  'other',
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

/** What outcomes give as reasons where no status tells. */
const byReason: ReadonlyMap<string, ReasonCode> = new Map([
  ['gone', 'gone'],
  ['not subscribed', 'not_subscribed'],
  ['nothing sent', 'nothing_sent'],
  ['no action accepts it', 'no_action'],
  ['no consent', 'no_consent'],
  ['suppressed', 'suppressed'],
  ['unreadable', 'unreadable'],
  ['not an event', 'unreadable'],
  ['Unsettled', 'changing'],
  ['no time', 'no_time'],
  ['no outcome', 'no_outcome'],
  ['Unanswered', 'no_outcome'],
  ['NoSuchAction', 'not_configured'],
  ['DestinationNotConfigured', 'not_configured'],
  ['ToolNotConfigured', 'not_configured'],
  ['InvalidAuthenticationError', 'unauthorized'],
  ['PayloadValidationError', 'invalid_payload'],
  ['PAYLOAD_VALIDATION_FAILED', 'invalid_payload'],
  ['AggregateAjvError', 'invalid_payload'],
  ['TimeoutError', 'timeout'],
  ['AnswerTooLate', 'timeout'],
  ['ConnectionFailed', 'connection'],
  ['FetchError', 'connection'],
  ['ForbiddenAddress', 'forbidden_address'],
  ['Redirected', 'redirected'],
]);

const byStatus: ReadonlyMap<number, ReasonCode> = new Map([
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [408, 'timeout'],
  [409, 'conflict'],
  [413, 'too_large'],
  [422, 'invalid_payload'],
  [429, 'too_many_requests'],
]);

/** The code of an outcome's reason; undefined for what was delivered. */
export function reasonCodeOf(outcome: Outcome): ReasonCode | undefined {
  if (outcome.kind === 'delivered') return undefined;
  const { reason, status = 0 } = outcome;
  const [name = ''] = reason.split(/ \d{3}$/);
  const named = byReason.get(name);
  if (named !== undefined) return named;
  if (outcome.kind === 'unauthorized') return 'unauthorized';
  if (status >= 500) return 'server_error';
  if (status >= 400) return byStatus.get(status) ?? 'client_error';
  return /Throttl|Exception$/.test(name) ? 'aws' : 'other';
}
