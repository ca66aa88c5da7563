import { type EventType, eventTypes } from '../events/event.ts';
import { formatInstant, parseInstant } from '../values/time.ts';
import type { ReplayZone } from './line.ts';

/** Path of an event's field, and the value it must have. */
export interface Where {
  readonly path: readonly string[];
  readonly value: string;
}

/** Which events to send again: received from `from` on and before `to`, ISO 8601 UTC, that match all of `where`. */
export interface ReplayRequest {
  readonly from: string;
  readonly to: string;
  readonly where: readonly Where[];
  readonly zone: ReplayZone;
}

/** The options of the replay command. */
export interface ReplayArguments {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly where?: readonly string[] | undefined;
  readonly quarantine?: boolean | undefined;
}

/** The options are not valid; the message gives the reason. */
class NotARequest extends Error {
  override readonly name = 'NotARequest';
}

/**
 * Reads the options of the replay command.
 * @throws NotARequest when an option is not valid
 */
export function readReplayRequest({ from, to, where = [], quarantine = false }: ReplayArguments): ReplayRequest {
  const start = instant('--from', from);
  const end = instant('--to', to);
  if (start >= end) throw new NotARequest(`--to must be later than --from; it is ${to}, and --from is ${from}`);
  return { from: start, to: end, where: where.map(readWhere), zone: quarantine ? 'quarantine' : 'raw' };
}

function instant(name: string, text: string | undefined): string {
  const read = text === undefined ? undefined : parseInstant(text);
  if (read === undefined)
    throw new NotARequest(
      `${name} must be an ISO 8601 time such as 2026-05-01T10:00:00Z, or a date; it is ${text ?? 'missing'}`,
    );
  return formatInstant(read);
}

const fields = ['type', 'event', 'name', 'userId', 'anonymousId', 'previousId', 'groupId', 'messageId', 'sourceId'];
const objects = ['properties', 'traits', 'context', 'integrations'];

function readWhere(text: string): Where {
  const at = text.indexOf('=');
  const path = text.slice(0, at).split('.');
  const value = text.slice(at + 1);
  const [first = ''] = path;
  const known =
    path.length === 1 ? fields.includes(first) : objects.includes(first) && path.every((name) => name !== '');
  if (at === -1 || value === '') throw new NotARequest(`--where must be <field>=<value>; it is "${text}"`);
  if (!known)
    throw new NotARequest(
      `--where knows ${fields.join(', ')}, and paths that begin with ${objects.join('., ')}.; it is given "${path.join('.')}"`,
    );
  if (first === 'type' && !eventTypes.includes(value as EventType))
    throw new NotARequest(`--where type= must be one of ${eventTypes.join(', ')}; it is "${value}"`);
  return { path, value };
}
