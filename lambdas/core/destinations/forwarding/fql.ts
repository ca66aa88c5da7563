import {
  type Condition,
  type GroupCondition,
  generateFql,
  parseFql,
  type Subscription,
  validate,
} from '@segment/destination-subscriptions';
import { eventTypes } from '../../events/event.ts';

/** Whether an event meets a condition. Its numbers must be doubles. */
export type EventCondition = (event: object) => boolean;

/**
 * What is wrong with a condition in Segment's FQL; undefined if nothing is. Segment's parser skips what it does not
 * know, so a typing error would widen the condition. The condition must say all that the parser reads, and no more.
 */
export function fqlFlaw(fql: string): string | undefined {
  const read = parsed(fql);
  if (read === undefined)
    return 'must be a condition in FQL, for example: type = "track" and event = "Order Completed"';
  const meant = generateFql(read);
  if (withoutSpaces(meant) !== withoutSpaces(fql)) return `must be all that Segment's parser reads of it: ${meant}`;
  return conditionsIn(read)
    .map(neverTrue)
    .find((flaw) => flaw !== undefined);
}

/** Makes a condition of FQL without a flaw. */
export function fqlCondition(fql: string): EventCondition {
  const read = parseFql(fql);
  return (event) => validate(read, event);
}

/** Undefined if Segment's parser reads nothing. */
function parsed(fql: string): GroupCondition | undefined {
  const read: Subscription = parseFql(fql);
  return 'error' in read || !conditionsIn(read).every(({ type }) => type !== undefined) ? undefined : read;
}

type Single = Exclude<Condition, GroupCondition>;

const conditionsIn = (group: GroupCondition): Single[] =>
  group.children.flatMap((child) => (child.type === 'group' ? conditionsIn(child) : [child]));

/** Why a condition can never be true, or never false; undefined if it can be both. */
function neverTrue({ type, operator, value }: Single): string | undefined {
  if (type === 'event-type' && (operator === '=' || operator === '!=') && !isEventType(value))
    return `compares type with "${value}"; events have the types ${eventTypes.join(', ')}`;
  if (/(starts|ends)_with$/.test(operator) && String(value).includes('*'))
    return 'can have one * in match(), at the beginning or at the end';
  return undefined;
}

const isEventType = (value: unknown): boolean => eventTypes.some((type) => type === value);

/** Leaves texts in quotes as they are. */
const withoutSpaces = (fql: string): string => fql.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');
