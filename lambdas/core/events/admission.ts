import { misstatedIn } from '../consent/misstated.ts';
import { got } from '../values/got.ts';
import { isObject } from '../values/json.ts';
import { type Arrival, stamp } from './arrival.ts';
import { ClientCall, limits, SourceCall } from './event.ts';
import { faultReason } from './event-fault.ts';
import { happenedAt, type Unread } from './event-time.ts';
import { findFlaw } from './json-flaw.ts';
import { fieldPath, type Rejection, type Warning } from './rejection.ts';
import { shardPerson } from './shard-person.ts';
import { type Line, utf8Bytes } from './stream-record.ts';
import { isEmptyArray, type Shared, type Submission } from './submission.ts';

/** A rejected event as it was received, and the reason. */
interface RejectedItem {
  readonly item: unknown;
  readonly rejection: Rejection;
}

/** The accepted and the rejected events of a submission, in order. */
export interface Admission {
  readonly accepted: readonly Line[];
  readonly rejected: readonly RejectedItem[];
  /** Accepted events whose time is unreadable. */
  readonly untimed: readonly Warning[];
  /** Accepted events whose consent nobody can read in part. */
  readonly misstated: readonly Warning[];
  /** How many events are about somebody who is kept out: nothing is kept of them, and their sender is not told. */
  readonly suppressed: number;
}

/**
 * Judges each event of a submission separately: neither a bad event nor an exception affects the others. `damaged`
 * means that the body was not valid UTF-8.
 */
export function admit(
  { items, shared }: Pick<Submission, 'items' | 'shared'>,
  arrival: Arrival,
  damaged = false,
): Admission {
  const accepted: Line[] = [];
  const rejected: RejectedItem[] = [];
  const untimed: Warning[] = [];
  const misstated: Warning[] = [];
  let suppressed = 0;
  items.forEach((item, index) => {
    const judged = judgeSafely(item, shared, arrival, damaged);
    if (judged === 'stopped') {
      suppressed += 1;
      return;
    }
    if ('json' in judged) accepted.push(judged);
    if ('json' in judged && judged.unread !== undefined) untimed.push({ index, ...warningOf(judged.unread) });
    if ('json' in judged && judged.misstated !== undefined)
      misstated.push({ index, field: judged.misstated.field, reason: `${judged.misstated.reason}; it grants nothing` });
    if (!('json' in judged)) rejected.push({ item, rejection: { ...judged, index } });
  });
  return { accepted, rejected, untimed, misstated, suppressed };
}

const warningOf = ({ field, instead = 'the time of receipt' }: Unread): Warning => ({
  field,
  reason: `is no time that can be read, such as 2026-01-31T12:00:00.000Z; ${instead} counts`,
});

type Judged = Line & { readonly unread?: Unread | undefined; readonly misstated?: ReturnType<typeof misstatedIn> };
type Verdict = Judged | Omit<Rejection, 'index'> | 'stopped';

function judgeSafely(item: unknown, shared: Shared, arrival: Arrival, damaged: boolean): Verdict {
  try {
    return judge(item, shared, arrival, damaged);
  } catch (error) {
    return invalid([], faultReason(error, item));
  }
}

function judge(item: unknown, shared: Shared, arrival: Arrival, damaged: boolean): Verdict {
  if (!isObject(item)) return invalid([], `must be a JSON object; ${got(item)}`);
  const flaw = findFlaw(item);
  if (flaw !== undefined) return invalid(flaw.path, flaw.reason);
  const parsed = (arrival.isNamed === undefined ? ClientCall : SourceCall).safeParse(withShared(item, shared));
  if (!parsed.success)
    return invalid(parsed.error.issues[0]?.path ?? [], parsed.error.issues[0]?.message ?? 'is not valid');
  const happened = happenedAt(parsed.data, arrival.receivedAt);
  const event = stamp(parsed.data, arrival, happened);
  if (arrival.isNamed?.(event) === false) return invalid([], nobody);
  if (arrival.isStopped?.(event)) return 'stopped';
  const json = wellFormed(JSON.stringify(event));
  if (damaged && json.includes('\uFFFD')) return invalid([], 'holds bytes that are not UTF-8');
  if (isTooLarge(json, item, shared)) return tooLarge(json);
  return { json, person: shardPerson(event), unread: happened.unread, misstated: misstatedIn(event.context) };
}

const tooLarge = (json: string): Verdict => ({
  kind: 'too_large',
  field: '',
  reason: `is larger than ${limits.eventBytes / 1024} KB; got ${utf8Bytes(json)} bytes`,
});
const invalid = (path: readonly PropertyKey[], reason: string): Verdict => ({
  kind: 'invalid',
  field: fieldPath(path),
  reason,
});
const nobody =
  'names nobody: it needs a userId, an anonymousId, an external id, an e-mail address, a phone number, an identifier of your own or, as a group call, a groupId, in a form that can be read and not blocked';

/**
 * The event's own fields win over the batch's. `sentAt` always comes from the batch, because it is the time of the
 * request.
 */
function withShared(
  item: Readonly<Record<string, unknown>>,
  { type, context, integrations, sentAt }: Shared,
): Record<string, unknown> {
  return {
    ...item,
    ...(type !== undefined && { type }),
    ...(sentAt !== undefined && { sentAt }),
    ...(context !== undefined && { context: merged(context, item.context) }),
    ...(integrations !== undefined && { integrations: merged(integrations, item.integrations) }),
  };
}

function merged(shared: Readonly<Record<string, unknown>>, own: unknown): unknown {
  if (own === undefined || own === null || isEmptyArray(own)) return shared;
  return isObject(own) ? { ...shared, ...own } : own;
}

/** The stamped event is nearly always small enough. Then the client's slightly smaller form need not be serialized. */
function isTooLarge(json: string, item: Readonly<Record<string, unknown>>, shared: Shared): boolean {
  if (json.length * 3 <= limits.eventBytes || utf8Bytes(json) <= limits.eventBytes) return false;
  return utf8Bytes(JSON.stringify(withShared(item, shared))) > limits.eventBytes;
}

/** Replaces a lone surrogate, which cut emoji leave, with U+FFFD: it has no UTF-8 form. */
const wellFormed = (json: string): string =>
  json.includes('\\ud')
    ? json.replace(/\\(?:ud[89a-f][0-9a-f]{2}|.)/g, (match) => (match.length > 2 ? '\\ufffd' : match))
    : json;
