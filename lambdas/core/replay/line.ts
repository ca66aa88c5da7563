import type { Event } from '../events/event.ts';

/** Source of a replay's events. */
export type ReplayZone = Exclude<NonNullable<Event['replayed']>, 'lake'>;

const beginning = /^\{"replayed":"(?:raw|quarantine|lake)",/;

/** Marks an event's line as replayed. All bytes after its beginning stay, so the lake recognizes the line. */
export const replayLine = (json: string, zone: ReplayZone): string =>
  `{"replayed":"${zone}",${json.replace(beginning, '{').slice(1)}`;

/** Whether a line was replayed, so that the raw zone may contain its original, too. */
export const isReplayLine = (json: string): boolean => beginning.test(json);
