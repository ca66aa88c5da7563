import { type Condition, parseFql, type Subscription, validate } from '@segment/destination-subscriptions';

/** A condition over events, in Segment's FQL. */
export type FqlCondition = Exclude<Subscription, { readonly error: Error }>;

/** Parses a condition; undefined if Segment's parser reads nothing. What people write is checked by `fqlFlaw` before. */
export function parseCondition(fql: string): FqlCondition | undefined {
  const parsed = parseFql(fql);
  return 'error' in parsed ? undefined : parsed;
}

/** Whether a condition is true of an event. */
export const holds = (condition: FqlCondition, event: unknown): boolean => validate(condition, event);

/** Whether a condition asks only for the type and the name of an event, so that an example decides it. */
export const asksOnlyName = (condition: FqlCondition): boolean =>
  leavesOf(condition).every(({ type }) => type === 'event' || type === 'event-type');

const leavesOf = (condition: Condition): Exclude<Condition, { type: 'group' }>[] =>
  condition.type === 'group' ? condition.children.flatMap(leavesOf) : [condition];
