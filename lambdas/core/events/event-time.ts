import { isNumber, numberText } from '../values/json.ts';
import { parseInstant } from '../values/time.ts';
import { readTime } from '../values/time-forms.ts';

/** A field with an unreadable time, and the field that counts instead; undefined if the time of receipt counts. */
export interface Unread {
  readonly field: string;
  readonly instead?: string;
}

/** When an event happened, in milliseconds, and the time that its sender gave. */
interface Happened {
  readonly at: number;
  readonly given: string | undefined;
  readonly unread?: Unread;
}

/** The times in a call. */
interface Times {
  readonly timestamp?: unknown;
  readonly originalTimestamp?: unknown;
  readonly sentAt?: unknown;
}

/**
 * Decides when a call happened: by its first readable time, otherwise by its receipt. The result is never later than
 * the receipt.
 */
export function happenedAt({ timestamp, originalTimestamp, sentAt }: Times, receivedAt: number): Happened {
  const usual = typeof timestamp === 'string' ? parseInstant(timestamp) : undefined;
  if (usual !== undefined) return { at: correctTime(usual, readTime(sentAt), receivedAt), given: timestamp as string };
  const given = Object.entries({ timestamp, originalTimestamp }).filter(([, value]) => value !== undefined);
  const [first] = given;
  for (const each of given) {
    const [instead, value] = each;
    const instant = readTime(value);
    if (instant === undefined) continue;
    const unread = first && each !== first ? { unread: { field: first[0], instead } } : {};
    return { at: correctTime(instant, readTime(sentAt), receivedAt), given: textOf(value), ...unread };
  }
  return first === undefined
    ? { at: receivedAt, given: undefined }
    : { at: receivedAt, given: textOf(first[1]), unread: { field: first[0] } };
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return isNumber(value) ? numberText(value) : JSON.stringify(value);
}

const day = 86_400_000;

/**
 * Corrects a time by the client's clock error, which is the difference between `sentAt` and the receipt. If the result
 * is far in the future or before 1970, `sentAt` itself is wrong and the time stays. A time after the receipt becomes
 * the receipt.
 */
export function correctTime(happened: number, sent: number | undefined, receivedAt: number): number {
  const corrected = sent === undefined ? happened : receivedAt - (sent - happened);
  return Math.min(corrected < 0 || corrected > receivedAt + day ? happened : corrected, receivedAt);
}
