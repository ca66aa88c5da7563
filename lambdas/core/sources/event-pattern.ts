import * as z from 'zod';

/** A vendor's name of an event; a `*` at its end stands for any text. */
export const eventPattern = z
  .string()
  .regex(/^[^*]{0,100}\*?$/, { error: 'use a name of at most 100 characters, with at most one "*", at its end' })
  .min(1);

/** Whether one of some patterns means the name of an event. */
export const isMeant = (patterns: readonly string[], type: string): boolean =>
  patterns.some((pattern) => (pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern));
