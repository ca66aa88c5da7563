/** What was thrown while an event was worked in, or a profile that it names was read or packed. It would be thrown again, so it is the event's fault and not the store's. */
export class EventFault extends Error {
  override readonly name = 'EventFault';
  constructor(override readonly cause: unknown) {
    super(`could not be applied: ${nameOf(cause)}`);
  }
}

/** Does what asks neither store nor network. @throws EventFault for whatever it throws */
export function orFault<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw cause instanceof EventFault ? cause : new EventFault(cause);
  }
}

/** Longest message that is kept. */
const longest = 200;

/** Why an event is put aside: the error's name and its message, without what is quoted in it, looks like an address or a number, or is a word of the event. */
export function faultReason(cause: unknown, event: unknown): string {
  const message = cause instanceof Error ? cause.message : '';
  const words = textsIn(event).sort((a, b) => b.length - a.length);
  const strange = words.reduce((text, word) => text.replaceAll(word, '…'), message);
  const told = strange.replace(/["'`].*["'`]/s, '…').replace(/\S*@\S*|\+?\d(?:[\d ()./:-]*\d)?/g, '…');
  return `could not be applied: ${[nameOf(cause), told.slice(0, longest).toWellFormed()].filter((part) => part !== '').join(': ')}`;
}

const nameOf = (cause: unknown): string => (cause instanceof Error ? cause.name : typeof cause);

/** Every text of a JSON value that is long enough to tell somebody. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.trim().length < 3 ? [] : [value, value.trim()];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
