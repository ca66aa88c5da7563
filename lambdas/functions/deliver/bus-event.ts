import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { ProfileChange } from '../../core/destinations/announcement.ts';

/** What a message tells, the id of its event on the bus, and when it was queued, in milliseconds since 1970. */
export interface Told {
  readonly change: ProfileChange;
  readonly occasion: string;
  readonly queued: number;
}

const BusEvent = z
  .string()
  .transform((text) => JSON.parse(text) as unknown)
  .pipe(z.object({ id: z.string().optional(), detail: ProfileChange }));

/** The change in a message; undefined if it cannot be read. */
export function changeIn({ body, messageId, attributes }: SQSRecord): Told | undefined {
  try {
    const { id, detail } = BusEvent.parse(body);
    return { change: detail, occasion: id ?? messageId, queued: Number(attributes?.SentTimestamp) };
  } catch {
    return undefined;
  }
}

/** The segment or the computed trait that a change is about. */
export const subjectOf = (change: ProfileChange): string => ('trait' in change ? change.trait : change.segment);
