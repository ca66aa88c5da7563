import * as z from 'zod';

/** Name of a column, as the file, the table or the API has it. */
export const ColumnName = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => name !== '__proto__', {
    error: 'is not allowed as a name',
  });
