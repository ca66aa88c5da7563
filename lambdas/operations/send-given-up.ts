import { CannotBeSent, type SendBatch } from '../adapters/lake/given-up-batches.ts';
import type { PutLines } from '../adapters/streams/delivery-stream.ts';
import type { ProfileChange } from '../core/destinations/announcement.ts';
import { newsIn } from '../core/destinations/membership-news.ts';
import { packLines } from '../core/events/stream-record.ts';
import { givenUpEvents } from '../core/operations/given-up-events.ts';
import type { Sending } from './replay.ts';

/**
 * Sends events that stitch or forward gave up on through the event stream again, and pauses before each object to leave
 * room for clients.
 */
export const sendEvents =
  ({ send, rest }: Sending): SendBatch<'stitch'> =>
  async ({ reader, records }) => {
    const texts = records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString('utf8'));
    const events = givenUpEvents(texts, reader === 'forward' ? 'forward' : 'raw');
    await rest(events.reduce((sum, { text }) => sum + text.split('\n').length - 1, 0));
    const outcome = await send(events);
    if (!outcome.ok) throw new Error(`the event stream does not accept its events: ${outcome.error}`);
  };

/** Targets of publish's records. `append` gets the object's name, so that repeated lines have the same place. */
interface NewsPlaces {
  readonly announce: (changes: readonly ProfileChange[]) => Promise<number>;
  readonly append: (key: string) => PutLines;
}

/**
 * Sends the records of a failed publish batch: changes to the bus, because deliver sends the current state, and
 * decisions to the identity log, which the lake reads once.
 */
export const sendNews =
  ({ announce, append }: NewsPlaces): SendBatch<'publish'> =>
  async ({ records }, key) => {
    const news = records.map(({ dynamodb }) => newsIn(dynamodb));
    const changes = news.flatMap((each) => each.changes);
    if ((await announce(changes)) < changes.length) throw new Error('the segment bus does not accept its changes');
    const lines = packLines(news.flatMap((each) => each.log.map((json) => ({ json }))));
    const logged = lines.length === 0 ? { ok: true as const } : await append(key)(lines);
    if (!logged.ok) throw new Error(`the lake does not accept its lines of the identity log: ${logged.error}`);
    const faults = news.flatMap(({ fault }) => fault ?? []);
    if (faults.length > 0)
      throw new CannotBeSent(
        `${faults.length} of its ${records.length} records cannot be read, and all others were sent: ${faults[0]}`,
      );
  };

/** Puts what a destination's queue refused on that queue, and on no other. */
export const sendParcels =
  (put: (parcel: string) => Promise<unknown>): SendBatch<'forward'> =>
  async ({ records }) => {
    for (const parcel of records) await put(parcel);
  };
