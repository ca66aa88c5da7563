import * as z from 'zod';
import { errorNameOf } from '../values/thrown.ts';
import { endingOfCode } from './aws-codes.ts';

/** How many requests an attempt sent, and the status of the last answer. */
interface Sent {
  readonly requests: number;
  readonly status?: number | undefined;
}

/** What became of one item at a destination; reasons are short codes, without personal data. */
export type Outcome =
  | ({ readonly kind: 'delivered' } & Sent)
  /** The destination does not want it, e.g. because its mapping leaves it out. */
  | ({ readonly kind: 'filtered'; readonly reason: string } & Sent)
  /** Another try can succeed. */
  | ({
      readonly kind: 'retry';
      readonly reason: string;
      /** The answer's `Retry-After` header. */
      readonly after?: string | undefined;
      /** Tries after which it is refused; absent if only time ends it. */
      readonly mostTries?: number | undefined;
    } & Sent)
  /** No other try of the same item can succeed. */
  | ({ readonly kind: 'refused'; readonly reason: string } & Sent)
  /** The destination does not accept the credentials, so every item would fail alike. */
  | ({ readonly kind: 'unauthorized'; readonly reason: string } & Sent);

/** The outcome of what is not told to a destination, for a reason of the platform. */
export const filtered = (reason: string): Outcome => ({ kind: 'filtered', reason, requests: 0 });

/** The outcomes that need another try or an operator. */
export type NotDelivered = Extract<Outcome, { kind: 'retry' | 'refused' | 'unauthorized' }>;

/** A destination that threw something unknown, e.g. a `TypeError` on an odd answer, is tried this often. */
const triesOfUnknown = 3;

/** Statuses below 500 that pass by themselves: timeout, locked, too early, too many requests. */
const passing = new Set([408, 423, 425, 429]);

/** Errors without a status that pass by themselves: no connection, a late answer, a table that is asked too often. */
const passingErrors = new Set(['RetryableError', 'TimeoutError', 'AnswerTooLate', 'ConnectionFailed', 'Unread']);
/** Errors that every item would end in until an operator does something: a secret is not complete. */
const unauthorizedErrors = new Set(['InvalidAuthenticationError', 'DestinationNotConfigured', 'ToolNotConfigured']);
/** Errors without a status that come again with the same item: the way out forbids the request. */
const lastingErrors = new Set(['ForbiddenAddress', 'Redirected']);
/** Types of node-fetch's errors. */
const passingTypes = new Set(['system', 'request-timeout', 'body-timeout']);
const lastingTypes = new Set(['no-redirect', 'max-redirect', 'unsupported-redirect', 'max-size']);
const systemCode = /^(E(CONN|TIME|HOST|NET|PIPE|AI_)|ENOTFOUND$|UND_ERR_)/;

const status = z.number().int().optional().catch(undefined);
const text = z.string().optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);
interface Headers {
  readonly get: (name: string) => string | null;
}
const headers = z
  .custom<Headers>((value) => typeof (value as Partial<Headers> | undefined)?.get === 'function')
  .optional()
  .catch(undefined);

/** What clients say in their errors: the catalogue's, node-fetch's, the AWS SDK's and kafkajs's. */
const Thrown = z
  .object({
    status,
    code: text,
    type: text,
    retryAfter: text,
    /** The AWS SDK marks throttling this way, whose status is 400. */
    $retryable: z.object({}).optional().catch(undefined),
    $metadata: z.object({ httpStatusCode: status }).optional().catch(undefined),
    retriable: flag,
    response: z.object({ status, headers }).optional().catch(undefined),
  })
  .catch({});
type Thrown = z.infer<typeof Thrown>;

/**
 * The outcome of an attempt that threw. The status of the answer decides, because the names of errors are the
 * destination's own; without a status the kind of error does.
 */
export function outcomeOf(error: unknown, requests = 0): NotDelivered {
  const thrown = Thrown.parse(error);
  const answered = thrown.status ?? thrown.response?.status ?? thrown.$metadata?.httpStatusCode;
  const name = errorNameOf(error);
  const reason = answered === undefined ? name : `${name} ${answered}`;
  const sent = { reason, requests, ...(answered !== undefined && { status: answered }) };
  const ofAws = thrown.$metadata && endingOfCode(name);
  if (answered === 401 || unauthorizedErrors.has(name) || ofAws === 'unauthorized')
    return { kind: 'unauthorized', ...sent };
  const ending = thrown.$retryable !== undefined || ofAws === 'retry' ? 'retry' : endingOf(answered, name, thrown);
  if (ending === 'refused') return { kind: 'refused', ...sent };
  if (ending === 'unknown') return { kind: 'retry', ...sent, mostTries: triesOfUnknown };
  const after = thrown.retryAfter ?? thrown.response?.headers?.get('retry-after') ?? undefined;
  return { kind: 'retry', ...sent, ...(after !== undefined && { after }) };
}

type Ending = 'retry' | 'refused' | 'unknown';

function endingOf(answered: number | undefined, name: string, { type = '', code = '', retriable }: Thrown): Ending {
  if (answered !== undefined && answered >= 300) return ofStatus(answered);
  if (lastingErrors.has(name) || lastingTypes.has(type) || retriable === false) return 'refused';
  if (passingErrors.has(name) || passingTypes.has(type) || systemCode.test(code) || retriable) return 'retry';
  return 'unknown';
}

/** 501 is an answer about the request and not about the moment. */
const ofStatus = (answered: number): Ending =>
  passing.has(answered) || (answered >= 500 && answered !== 501) ? 'retry' : 'refused';
