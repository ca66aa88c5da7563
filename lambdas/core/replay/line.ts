import type { Event } from '../events/event.ts';

/** Where a replay takes its events from. */
export type Whence = Exclude<NonNullable<Event['replayed']>, 'lake'>;

const beginning = /^\{"replayed":"(?:raw|quarantine|lake)",/;

/** Makes an event's line one that is sent again. But for how it begins it stays byte for byte, so that the lake sees the line that it knows. */
export const replayLine = (json: string, whence: Whence): string =>
  `{"replayed":"${whence}",${json.replace(beginning, '{').slice(1)}`;

/** Whether a line was sent again, so that the line that it was first may lie in the raw zone, too. */
export const isReplayLine = (json: string): boolean => beginning.test(json);
