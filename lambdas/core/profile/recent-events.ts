import type { Event, EventType } from '../events/event.ts';
import { compareTexts } from '../values/text.ts';

/** What a profile remembers of a recent event; the lake has the whole event. */
export interface RecentEvent {
  readonly type: EventType;
  /** Event of a track call, name of a page or screen; otherwise empty. Cut at 60 characters. */
  readonly name: string;
  readonly timestamp: string;
  readonly messageId: string;
  readonly sourceId: string;
}

/** Events remembered per profile: as many as the profile API shows on one page. */
export const recentEvents = 10;

export function recentOf(event: Event): RecentEvent {
  const { type, timestamp, messageId, sourceId } = event;
  return { type, name: nameOf(event).slice(0, 60), timestamp, messageId, sourceId };
}

function nameOf(event: Event): string {
  if (event.type === 'track') return event.event;
  return event.type === 'page' || event.type === 'screen' ? (event.name ?? '') : '';
}

/** The latest events of both, newest first. Cutting before or after a join gives the same result. */
export function joinRecent(a: readonly RecentEvent[], b: readonly RecentEvent[]): RecentEvent[] {
  const distinct = new Map([...a, ...b].map((event) => [wordsOf(event), event]));
  return [...distinct.values()].sort(newestFirst).slice(0, recentEvents);
}

/** A key of all remembered fields, because several events may have one message id. */
export const wordsOf = ({ messageId, timestamp, type, name, sourceId }: RecentEvent): string =>
  JSON.stringify([messageId, timestamp, type, name, sourceId]);

/** Adds one event without sorting; this runs for every event. */
export function withRecent(recent: readonly RecentEvent[], event: RecentEvent): readonly RecentEvent[] {
  if (recent.some(({ messageId }) => messageId === event.messageId)) return joinRecent(recent, [event]);
  const place = recent.findIndex((other) => newestFirst(event, other) < 0);
  if (place === -1) return recent.length < recentEvents ? [...recent, event] : recent;
  return recent.toSpliced(place, 0, event).slice(0, recentEvents);
}

function newestFirst(a: RecentEvent, b: RecentEvent): number {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp ? 1 : -1;
  return compareTexts(b.messageId, a.messageId) || (wordsOf(a) < wordsOf(b) ? 1 : -1);
}
