import * as z from 'zod';
import { Condition } from './condition.ts';

/** A named set of people: whoever a condition is true of. */
export const Segment = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9_]{0,79}$/, { error: 'use lower-case letters, digits and "_", at most 80, beginning with a letter' }),
  name: z.string().min(1).max(120),
  where: Condition,
});
export type Segment = z.infer<typeof Segment>;
