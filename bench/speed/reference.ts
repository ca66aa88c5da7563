import * as z from 'zod';
import type { Contestant } from './stopwatch.ts';

const Fields = z.record(z.string(), z.unknown());

const Call = z.object({
  type: z.enum(['track', 'identify']),
  messageId: z.string(),
  timestamp: z.string(),
  userId: z.string().optional(),
  anonymousId: z.string().optional(),
  event: z.string().optional(),
  context: Fields,
  properties: Fields.optional(),
  traits: Fields.optional(),
});

/** The least that any pipeline of JSON events in this language does: parse, check against a plain schema, write. */
export const reference = (texts: readonly string[]): Contestant => ({
  name: 'JSON.parse, zod, JSON.stringify',
  events: texts.length,
  run: async () => {
    for (const text of texts) {
      const written = JSON.stringify(Call.parse(JSON.parse(text)));
      if (written.length === 0) throw new Error('nothing was written');
    }
  },
});
