import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import {
  countReasons,
  type Going,
  type Redriven,
  type RedrivePlace,
  type Waiting,
} from '../../core/operations/redrive-place.ts';
import { errorMessageOf, errorNameOf } from '../../core/values/thrown.ts';
import { entryOf, idOf, reasonOf } from './letter.ts';

/** Hands letters to their receiver; returns the reason for each letter that it did not accept, by id. */
export type TakeLetters = (letters: readonly Message[]) => Promise<ReadonlyMap<string, string>>;

/** Letters to read for their reasons and ages. */
const looked = 100;
/** Seconds for which a letter is hidden from other redrives while it is sent. */
const hidden = 60;
/** Seconds for which a remaining letter is hidden, so that it does not return during this redrive. */
const hiddenThatStays = 3_600;

/**
 * A dead-letter queue. Letters of SQS and of EventBridge have the same body, the event, so each letter is sent
 * separately. SQS's own redrive handles only letters of SQS.
 */
export const deadLetters = (client: SQSClient, what: string, QueueUrl: string, take: TakeLetters): RedrivePlace => ({
  async look(): Promise<Waiting> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }),
    );
    const count = names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
    const letters = count === 0 ? [] : await peek(client, QueueUrl);
    const times = letters
      .map(({ Attributes: attributes }) => Number(attributes?.SentTimestamp))
      .filter((time) => time > 0);
    return {
      what,
      count,
      since: times.length > 0 ? Math.min(...times) : undefined,
      reasons: countReasons(letters.map(reasonOf)),
    };
  },

  async send({ tell, isStopped, isWanted = () => true, isRehearsal = false }: Going): Promise<Redriven> {
    const left = new Map<string, Staying>();
    const passed = new Map<string, Message>();
    let sent = 0;
    let others = 0;
    let refusal: string | undefined;
    while (refusal === undefined && !(isStopped() && sent + left.size + others > 0)) {
      const letters = await receive(client, QueueUrl);
      // If only remaining letters return, every letter was seen.
      if (letters.every((letter) => left.has(idOf(letter)) || passed.has(idOf(letter)))) break;
      const fresh = letters.filter((letter) => !passed.has(idOf(letter)));
      const wanted = fresh.filter((letter) => left.has(idOf(letter)) || isWanted(entryOf(letter)));
      const kept = isRehearsal ? letters : letters.filter((letter) => !wanted.includes(letter));
      for (const letter of kept) passed.set(idOf(letter), letter);
      others += fresh.length - wanted.length;
      try {
        await show(client, QueueUrl, kept, hiddenThatStays);
        sent += isRehearsal ? wanted.length : await handOver(wanted, left, { client, QueueUrl, take });
        tell(sent);
      } catch (error) {
        refusal = `${errorNameOf(error)}: ${errorMessageOf(error)}`;
        await show(client, QueueUrl, letters);
      }
    }
    await show(client, QueueUrl, [...[...left.values()].map(({ letter }) => letter), ...passed.values()]);
    return {
      what,
      sent,
      ...(others > 0 && { others }),
      left: [...[...left].map(([id, { why }]) => ({ name: `letter ${id}`, why })), ...rest(refusal)],
    };
  },
});

/** A letter that was not accepted, and why. */
interface Staying {
  readonly letter: Message;
  readonly why: string;
}

const rest = (refusal: string | undefined) => (refusal === undefined ? [] : [{ name: 'the rest', why: refusal }]);

interface Place {
  readonly client: SQSClient;
  readonly QueueUrl: string;
  readonly take: TakeLetters;
}

/** Removes accepted letters and hides the others; returns how many were accepted. */
async function handOver(
  letters: readonly Message[],
  left: Map<string, Staying>,
  { client, QueueUrl, take }: Place,
): Promise<number> {
  const refused = await take(letters.filter((letter) => !left.has(idOf(letter))));
  const staying = letters.flatMap((letter) => {
    const why = refused.get(idOf(letter)) ?? left.get(idOf(letter))?.why;
    return why === undefined ? [] : [{ letter, why }];
  });
  for (const each of staying) left.set(idOf(each.letter), each);
  const taken = letters.filter((letter) => !left.has(idOf(letter)));
  await forget(client, QueueUrl, taken);
  await show(
    client,
    QueueUrl,
    staying.map(({ letter }) => letter),
    hiddenThatStays,
  );
  return taken.length;
}

async function receive(client: SQSClient, QueueUrl: string): Promise<Message[]> {
  const all = { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['SentTimestamp' as const] };
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      VisibilityTimeout: hidden,
      WaitTimeSeconds: 2,
      ...all,
    }),
  );
  return Messages;
}

/** Reads letters and makes them visible again. */
async function peek(client: SQSClient, QueueUrl: string): Promise<Message[]> {
  const seen: Message[] = [];
  for (
    let some = await receive(client, QueueUrl);
    some.length > 0;
    some = seen.length < looked ? await receive(client, QueueUrl) : []
  )
    seen.push(...some);
  await show(client, QueueUrl, seen);
  return seen;
}

/** Makes letters visible to others, at once or after some seconds. */
async function show(
  client: SQSClient,
  QueueUrl: string,
  letters: readonly Message[],
  VisibilityTimeout = 0,
): Promise<void> {
  await each(letters, ({ ReceiptHandle }) =>
    client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout })),
  );
}

async function forget(client: SQSClient, QueueUrl: string, letters: readonly Message[]): Promise<void> {
  await each(letters, ({ ReceiptHandle }) => client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })));
}

/** Runs for ten letters at once, which is one receive. */
async function each(letters: readonly Message[], act: (letter: Message) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < letters.length; at += 10) await Promise.all(letters.slice(at, at + 10).map(act));
}
