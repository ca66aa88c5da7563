import type * as z from 'zod';

/** The secret of a destination is missing, or does not have the expected form. Its message names fields, not values. */
export class DestinationNotConfigured extends Error {
  override readonly name = 'DestinationNotConfigured';
  constructor(flaws: readonly Pick<z.core.$ZodIssue, 'path' | 'message'>[]) {
    const problems = flaws.map(({ path, message }) => `${path.join('.') || 'text'}: ${message}`).join('; ');
    super(`the destination's settings secret does not hold what it must: ${problems}`);
  }
}

/** What a secret holds, in the form that it must have. @throws DestinationNotConfigured */
export function configuredAs<Settings>(form: z.ZodType<Settings>, settings: unknown): Settings {
  const read = form.safeParse(settings);
  if (read.success) return read.data;
  throw new DestinationNotConfigured(read.error.issues);
}
