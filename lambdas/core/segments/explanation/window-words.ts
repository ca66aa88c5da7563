import type { Window } from '../language/window.ts';

/** When something must have happened: `within 30d`. */
export function wordsOfWindow(window: Window): string {
  if ('within' in window) return `within ${window.within}`;
  if ('between' in window) return `from ${window.between[0]} to ${window.between[1]} ago`;
  if ('olderThan' in window) return `at least ${window.olderThan} ago`;
  if ('calendar' in window)
    return window.last === 1
      ? `in this ${window.calendar} of the calendar`
      : `in the last ${window.last} ${window.calendar}s of the calendar`;
  const from = window.from === undefined ? [] : [`from ${window.from} on`];
  return [...from, ...(window.to === undefined ? [] : [`before ${window.to}`])].join(' and ');
}

/** Words and a window, if there is one. */
export const withWindow = (words: string, window: Window | undefined): string =>
  window === undefined ? words : `${words} ${wordsOfWindow(window)}`;
