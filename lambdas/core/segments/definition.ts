import * as z from 'zod';
import { Condition } from './condition.ts';

/** A named set of people: whoever a condition is true of. */
export const Segment = z.strictObject({
  /** Name in events and tables: lower-case letters, digits and `_`, at most 80 characters. */
  key: z.string().regex(/^[a-z][a-z0-9_]{0,79}$/, {
    error: 'use lower-case letters, digits and "_", at most 80, beginning with a letter',
  }),
  /** Name for people, at most 120 characters. */
  name: z.string().min(1).max(120),
  /** A person belongs to the segment while this is true. */
  where: Condition,
});
export type Segment = z.infer<typeof Segment>;
