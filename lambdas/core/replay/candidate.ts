import { Event } from '../events/event.ts';
import { fieldsOf, isNumber, numberText, readJson, valueAt } from '../values/json.ts';
import type { ReplayZone } from './line.ts';
import type { ReplayRequest, Where } from './request.ts';

/** An event of the lake and its JSON text. */
export interface Candidate {
  readonly event: Event;
  readonly json: string;
}

/**
 * Reads a line of the raw zone, or the event in a line of the quarantine; undefined for anything but a complete event
 * with the platform's fields.
 */
export function readCandidate(line: string, zone: ReplayZone): Candidate | undefined {
  const json = zone === 'raw' ? line : setAside(line);
  const event = json === undefined ? undefined : eventIn(json);
  return event !== undefined && json?.startsWith('{') ? { event, json } : undefined;
}

/** Text of an event that stitch put aside. Events that collect rejected lack the platform's fields. */
function setAside(line: string): string | undefined {
  const { stage, truncated, event } = fieldsOf(parsed(line));
  return stage === 'stitch' && truncated !== true && typeof event === 'string' ? event : undefined;
}

function parsed(json: string): unknown {
  try {
    return readJson(json);
  } catch {
    return undefined;
  }
}

/** An exception affects only its line. */
function eventIn(json: string): Event | undefined {
  try {
    return Event.safeParse(parsed(json)).data;
  } catch {
    return undefined;
  }
}

/** Whether a request asks for an event. */
export const isWanted = (event: Event, { from, to, where }: ReplayRequest): boolean =>
  from <= event.receivedAt && event.receivedAt < to && where.every((one) => says(event, one));

function says(event: Event, { path, value }: Where): boolean {
  const stated = valueAt(event, path);
  return isNumber(stated)
    ? numberText(stated) === value
    : ['string', 'boolean'].includes(typeof stated) && String(stated) === value;
}
