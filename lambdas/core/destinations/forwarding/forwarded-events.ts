import * as z from 'zod';
import { eventTypes } from '../../events/event.ts';
import { fqlFlaw } from './fql.ts';

const Condition = z.string().superRefine((fql, check) => {
  const flaw = fqlFlaw(fql);
  if (flaw !== undefined) check.addIssue({ code: 'custom', message: flaw });
});

/** Which events a destination receives. */
export const ForwardedEvents = z.strictObject({
  /** Types of the calls. By default, all six. */
  types: z.array(z.enum(eventTypes)).min(1).optional(),
  /** Ids of the sources. By default, all. */
  sources: z.array(z.string()).min(1).optional(),
  /** Condition over the event in Segment's FQL. By default, none. */
  where: Condition.optional(),
  /** Further names by which `integrations` of an event can mean this destination, besides its id and its kind. */
  names: z.array(z.string().min(1)).default([]),
});
export type ForwardedEvents = z.infer<typeof ForwardedEvents>;

/** Categories of consent that a person must have granted, all of them; one without a statement is refused. */
export const NeededConsent = z.array(z.string().min(1).max(100)).default([]);
