import { type Condition, parseFql, type Subscription, validate } from '@segment/destination-subscriptions';

/** A condition over events, in Segment's FQL. */
export type FqlCondition = Exclude<Subscription, { readonly error: Error }>;

const types = new Set(['track', 'identify', 'page', 'screen', 'group', 'alias', 'delete']);

/**
 * Parses a condition. The library's parser reads `type == "track"` as the type `=`, so types are checked, too.
 * @returns the condition, or what is wrong with it
 */
export function parseCondition(fql: string): FqlCondition | string {
  const parsed = parseFql(fql);
  if ('error' in parsed) return 'is no condition of FQL, e.g. `type = "track" and event = "Audience Entered"`';
  const odd = leavesOf(parsed).find((leaf) => leaf.type === 'event-type' && !types.has(String(leaf.value)));
  if (odd !== undefined) return `compares \`type\` with something that is none of ${[...types].join(', ')}`;
  return parsed;
}

/** Whether a condition is true of an event. */
export const holds = (condition: FqlCondition, event: unknown): boolean => validate(condition, event);

/** Whether a condition asks only for the type and the name of an event, so that an example decides it. */
export const asksOnlyName = (condition: FqlCondition): boolean =>
  leavesOf(condition).every(({ type }) => type === 'event' || type === 'event-type');

const leavesOf = (condition: Condition): Exclude<Condition, { type: 'group' }>[] =>
  condition.type === 'group' ? condition.children.flatMap(leavesOf) : [condition];
