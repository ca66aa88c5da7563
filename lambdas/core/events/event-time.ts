import { isNumber, numberText } from '../values/json.ts';
import { parseInstant } from '../values/time.ts';
import { readTime } from '../values/time-forms.ts';

/** A field whose time cannot be read, and which one counts in its place; undefined when it is the time of receipt. */
export interface Unread {
  readonly field: string;
  readonly instead?: string;
}

/** When an event happened, in milliseconds, and as its sender gave it. */
interface Happened {
  readonly at: number;
  readonly given: string | undefined;
  readonly unread?: Unread;
}

/** What a call may say of its time. */
interface Times {
  readonly timestamp?: unknown;
  readonly originalTimestamp?: unknown;
  readonly sentAt?: unknown;
}

/** Decides when a call happened: by the first of its times that can be read, else when it arrived. It is never later than its receipt. */
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

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : isNumber(value) ? numberText(value) : JSON.stringify(value);

const day = 86_400_000;

/**
 * When it happened, by the platform's clock: the client's clock is off by as much as `sentAt` is from arrival. A correction far into the future or
 * before 1970 shows that `sentAt` itself is wrong, and the time stays as given. What would be later than its receipt happened just then.
 */
export function correctTime(happened: number, sent: number | undefined, receivedAt: number): number {
  const corrected = sent === undefined ? happened : receivedAt - (sent - happened);
  return Math.min(corrected < 0 || corrected > receivedAt + day ? happened : corrected, receivedAt);
}
