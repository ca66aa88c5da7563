import type { ToldTrait } from './told-traits.ts';

/** A function that is still at work this many milliseconds after its deadline has been ended by Lambda. */
const grace = 15_000;

/**
 * Makes the text of one try to tell a computed trait, because two functions may have the same message at once: until
 * when its function can be at work, and what makes it unique.
 */
export const tryId = (deadline: number, unique: string): string => `try ${deadline + grace} ${unique}`;

/** When a function cannot be at work on a try any more; undefined for ids of messages. */
const endOf = (text: string): number | undefined =>
  text.startsWith('try ') ? Number(text.slice('try '.length).split(' ')[0]) : undefined;

/** Tries of functions that have died. */
export const deadIn = ({ pending }: ToldTrait, now: number): string[] =>
  [...pending].filter((text) => (endOf(text) ?? Number.POSITIVE_INFINITY) < now);

/** Whether another function is at work on one of these, or was not known to be dead: what it tells may arrive last. */
export function isJoined(told: Iterable<ToldTrait>, mine: string, dead: readonly string[]): boolean {
  return [...told].some(({ pending }) =>
    [...pending].some((text) => endOf(text) !== undefined && text !== mine && !dead.includes(text)),
  );
}

/**
 * Whether what was told last was told by these messages and nothing else can have arrived since: then it is told again
 * as the same news, under the same message ids.
 */
export function isOwnLast(told: ToldTrait, occasions: readonly string[], now: number): boolean {
  const others = [...told.pending].filter((text) => !occasions.includes(text));
  const isOwn = told.last !== undefined && occasions.includes(told.last.occasion);
  return isOwn && others.length <= 1 && others.length === deadIn(told, now).length;
}
