import * as z from 'zod';
import { utf8Bytes } from '../../events/stream-record.ts';
import { readJson } from '../../values/json.ts';

/** Limits of one message: SQS bills each 64 KB, and deliver has time for some dozen requests. */
export const parcelLimits = { events: 60, bytes: 64 * 1024 } as const;

/** The tries of a parcel that returns to its queue with what is left of it. Times in milliseconds since 1970. */
const Tries = z.object({
  /** Failed tries so far. */
  tries: z.int().min(0),
  /** When the events were queued first, and tried first. */
  queued: z.number(),
  firstTried: z.number(),
  /** When the next try may begin. */
  notBefore: z.number(),
  /** Whether an operator sent them again. */
  redriven: z.literal(true).optional(),
});
export type Tries = z.infer<typeof Tries>;

const Parcel = z.object({ forwarded: z.object({ tries: Tries.optional(), events: z.array(z.unknown()).min(1) }) });

/** Events that are forwarded to one destination in one message, each as `entryOf` makes it. */
export interface Parcel {
  readonly events: readonly unknown[];
  /** Undefined at first. */
  readonly tries: Tries | undefined;
}

/** An event in a parcel, as JSON: alone, or with the key of the person whose consent is read when it is sent. */
export const entryOf = (line: string, person: string | undefined): string =>
  person === undefined ? line : `[${JSON.stringify(person)},${line}]`;

/** The event in such an entry, and the key of its person. */
export function readEntry(entry: unknown): { readonly event: unknown; readonly person?: string | undefined } {
  if (!Array.isArray(entry)) return { event: entry };
  const [person, event] = entry as unknown[];
  return { event, person: typeof person === 'string' ? person : undefined };
}

/** Packs events, each a JSON text, into as few messages as the limits allow. A longer event has its own message. */
export function parcelsOf(events: readonly string[], tries?: Tries): string[] {
  const envelope = utf8Bytes(wrap([], tries));
  const parcels: string[][] = [];
  let room = 0;
  for (const event of events) {
    const size = utf8Bytes(event) + 1;
    if (size > room || parcels.at(-1)?.length === parcelLimits.events) {
      parcels.push([]);
      room = parcelLimits.bytes - envelope;
    }
    parcels.at(-1)?.push(event);
    room -= size;
  }
  return parcels.map((parcel) => wrap(parcel, tries));
}

/** Reads a message; undefined if it holds no parcel. */
export function readParcel(body: string): Parcel | undefined {
  const { forwarded } = Parcel.safeParse(parsed(body)).data ?? {};
  return forwarded && { events: forwarded.events, tries: forwarded.tries };
}

/** Texts are joined, because reading and writing each event again would cost more than everything else. */
const wrap = (events: readonly string[], tries: Tries | undefined): string =>
  `{"forwarded":{${tries === undefined ? '' : `"tries":${JSON.stringify(tries)},`}"events":[${events.join(',')}]}}`;

function parsed(body: string): unknown {
  try {
    return readJson(body);
  } catch {
    return undefined;
  }
}
