import * as z from 'zod';

/** Id of a source or a destination. */
export const DeclaredId = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, {
  error: 'use lower-case letters, digits, "-" and "_", at most 40, beginning with a letter',
});
