import * as z from 'zod';

/** A path into a body, such as `data.items`. */
const Path = z.string().regex(/^[^.]+(?:\.[^.]+)*$/, { error: 'use names with dots between them, e.g. data.items' });

/** Where a vendor that is in no list keeps what every event has. */
export const Places = z.strictObject({
  /** List of events in a body. By default, a body is one event, or a list of events. */
  entries: Path.optional(),
  /** Name of the event. */
  type: Path.default('type'),
  /** The vendor's id of the event. Without one, the id is made of the event's text. */
  id: Path.optional(),
  /** When it happened: ISO 8601, or seconds or milliseconds since 1970. Without one, the time of receipt counts. */
  time: Path.optional(),
});
export type Places = z.infer<typeof Places>;
