import * as z from 'zod';
import { DeclaredId } from '../values/declared-id.ts';

/** A tool that receives the changes of segments. */
export const Destination = z.strictObject({
  /** Name in commands and metrics: lower-case letters, digits, `-` and `_`, at most 40 characters. */
  id: DeclaredId,
  /** Kind of tool. */
  kind: z.enum(['webhook']),
  /** Keys of the segments whose changes this destination receives. */
  segments: z.array(z.string()).min(1),
});
export type Destination = z.infer<typeof Destination>;
