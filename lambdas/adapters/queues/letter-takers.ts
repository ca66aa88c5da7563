import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type Message, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { redrivenAttribute } from '../../core/contract/signals.ts';
import { readParcel } from '../../core/destinations/forwarding/parcel.ts';
import type { TakeLetters } from './dead-letters.ts';
import { isSealed } from './letter.ts';

const BusEvent = z
  .string()
  .transform((text) => JSON.parse(text) as unknown)
  .pipe(z.object({ source: z.string(), 'detail-type': z.string(), detail: z.looseObject({}) }));

/** Tells the function that an operator sends a message again. */
export const redriven = { [redrivenAttribute]: { DataType: 'String', StringValue: 'yes' } };

/** Puts letters into the queue of deliveries. */
export const intoQueue =
  (client: SQSClient, QueueUrl: string): TakeLetters =>
  async (letters) => {
    const { readable, refused } = sort(letters, (body) => eventIn(body) ?? readParcel(body));
    await Promise.all(
      readable.map(({ letter }) =>
        client.send(new SendMessageCommand({ QueueUrl, MessageBody: letter.Body, MessageAttributes: redriven })),
      ),
    );
    return refused;
  };

/** Puts letters on the bus again, whose rules send them to every listening destination. */
export const ontoBus =
  (client: EventBridgeClient, EventBusName: string): TakeLetters =>
  async (letters) => {
    const { readable, refused } = sort(letters, eventIn);
    if (readable.length === 0) return refused;
    const Entries = readable.map(({ event }) => ({
      EventBusName,
      Source: event.source,
      DetailType: event['detail-type'],
      Detail: JSON.stringify(event.detail),
    }));
    const { Entries: answers = [] } = await client.send(new PutEventsCommand({ Entries }));
    for (const [n, { letter }] of readable.entries()) {
      const { EventId, ErrorCode = 'Refused' } = answers[n] ?? {};
      if (EventId === undefined) refused.set(letter.MessageId ?? '', `the bus refuses it: ${ErrorCode}`);
    }
    return refused;
  };

/** Separates letters that can be read from others, with the reason for each. */
function sort<Content>(letters: readonly Message[], read: (body: string) => Content | undefined) {
  const refused = new Map<string, string>();
  const readable = letters.flatMap((letter) => {
    const { MessageId = '', Body = '' } = letter;
    const event = isSealed(Body) ? undefined : read(Body);
    if (event !== undefined) return [{ letter, event }];
    refused.set(
      MessageId,
      isSealed(Body)
        ? 'its event is encrypted: docs/guides/repair/redrive.md#encrypted-letters'
        : 'it holds no event of the segment bus',
    );
    return [];
  });
  return { readable, refused };
}

function eventIn(body: string): z.infer<typeof BusEvent> | undefined {
  try {
    return BusEvent.safeParse(body).data;
  } catch {
    return undefined;
  }
}
