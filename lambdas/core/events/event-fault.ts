/**
 * An exception while an event was applied, or a profile was read or packed. A retry would throw again, so it is the
 * event's fault and not the store's.
 */
export class EventFault extends Error {
  override readonly name = 'EventFault';
  override readonly cause: unknown;

  constructor(cause: unknown) {
    super(`could not be applied: ${nameOf(cause)}`);
    this.cause = cause;
  }
}

/**
 * Runs pure work.
 * @throws EventFault for every exception in it
 */
export function orFault<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw cause instanceof EventFault ? cause : new EventFault(cause);
  }
}

/** What is read; undefined where it cannot be read, however often one tries. */
export async function unlessFault<Result>(read: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await read();
  } catch (fault) {
    if (fault instanceof EventFault) return undefined;
    throw fault;
  }
}

/** Longest message in characters. */
const longest = 200;

/**
 * Why an event is put aside: the error's name and message, without quoted texts, addresses, numbers and words of the
 * event.
 */
export function faultReason(cause: unknown, event: unknown): string {
  const message = cause instanceof Error ? cause.message : '';
  const words = textsIn(event).sort((a, b) => b.length - a.length);
  const strange = words.reduce((text, word) => text.replaceAll(word, '…'), message);
  const told = strange.replace(/["'`].*["'`]/s, '…').replace(/\S*@\S*|\+?\d(?:[\d ()./:-]*\d)?/g, '…');
  return `could not be applied: ${[nameOf(cause), told.slice(0, longest).toWellFormed()].filter((part) => part !== '').join(': ')}`;
}

const nameOf = (cause: unknown): string => (cause instanceof Error ? cause.name : typeof cause);

/** Texts of a JSON value that are long enough to identify somebody. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.trim().length < 3 ? [] : [value, value.trim()];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
