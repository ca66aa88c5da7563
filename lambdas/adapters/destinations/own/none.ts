import * as z from 'zod';
import { defineDestination } from './define-destination.ts';

/** Stands where bundling puts a team's own destination. */
export const destination = defineDestination({
  settings: z.object({}),
  deliver: async () => {
    throw new Error('this function has no destination of its own');
  },
});
