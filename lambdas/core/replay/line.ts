import type { Event } from '../events/event.ts';

/** Why a line is sent again. */
type Replayed = NonNullable<Event['replayed']>;

/** Source of a replay's events. */
export type ReplayZone = Exclude<Replayed, 'lake' | 'forward' | 'import'>;

const beginning = /^\{"replayed":"(?:raw|quarantine|lake|forward|import)",/;

/** Marks an event's line as replayed. All bytes after its beginning stay, so the lake recognizes the line. */
export const replayLine = (json: string, replayed: Replayed): string =>
  `{"replayed":"${replayed}",${json.replace(beginning, '{').slice(1)}`;

/** Whether a line was replayed, so that the raw zone may contain its original, too. */
export const isReplayLine = (json: string): boolean => beginning.test(json);
