import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { countReasons, type Going, type Redriven, type RedrivePlace, type Waiting } from './redrive-place.ts';

/** Gives letters to whoever is to have them; says which of them, by their ids, it did not take, and why. */
export type TakeLetters = (letters: readonly Message[]) => Promise<ReadonlyMap<string, string>>;

/** Letters that are looked at for their reasons and ages. */
const looked = 100;
/** Seconds for which a letter that is being sent is hidden from others who redrive. */
const hidden = 60;

/**
 * A queue of dead letters. Those that SQS moved there and those that EventBridge put there, which have no queue that they came from, have the same
 * body, the event, so both are sent letter by letter: SQS's own move knows only the first kind.
 */
export const deadLetters = (client: SQSClient, what: string, QueueUrl: string, take: TakeLetters): RedrivePlace => ({
  async look(): Promise<Waiting> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes = {} } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }));
    const count = names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
    const letters = count === 0 ? [] : await peek(client, QueueUrl);
    const times = letters.map(({ Attributes: attributes }) => Number(attributes?.SentTimestamp)).filter((time) => time > 0);
    return { what, count, since: times.length > 0 ? Math.min(...times) : undefined, reasons: countReasons(letters.map(reasonOf)) };
  },

  async send({ tell, isStopped }: Going): Promise<Redriven> {
    const left = new Map<string, { readonly letter: Message; readonly why: string }>();
    let sent = 0;
    for (let letters = await receive(client, QueueUrl); letters.length > 0; letters = isStopped() ? [] : await receive(client, QueueUrl)) {
      const fresh = letters.filter((letter) => !left.has(idOf(letter)));
      const refused = await take(fresh);
      const taken = fresh.filter((letter) => !refused.has(idOf(letter)));
      await forget(client, QueueUrl, taken);
      for (const letter of letters) {
        const why = refused.get(idOf(letter)) ?? left.get(idOf(letter))?.why;
        if (why !== undefined) left.set(idOf(letter), { letter, why });
      }
      sent += taken.length;
      tell(sent);
    }
    const stay = [...left];
    await show(
      client,
      QueueUrl,
      stay.map(([, { letter }]) => letter),
    );
    return { what, sent, left: stay.map(([name, { why }]) => ({ name: `letter ${name}`, why })) };
  },
});

const idOf = ({ MessageId = '' }: Message): string => MessageId;

/** Why a letter is one: EventBridge and deliver say so in attributes, and SQS moved what was tried too often. */
export function reasonOf({ MessageAttributes = {}, Body = '' }: Message): string {
  if (isSealed(Body)) return 'EventBridge could not use the key, and the event is encrypted';
  const { ERROR_CODE: code, reason } = MessageAttributes;
  return code?.StringValue === undefined ? (reason?.StringValue ?? 'tried too often') : `EventBridge: ${code.StringValue}`;
}

/** EventBridge encrypts by the bus's key what it could not decrypt itself. */
export const isSealed = (body: string): boolean => /"detail-type"\s*:\s*"Encrypted Events"/.test(body);

async function receive(client: SQSClient, QueueUrl: string): Promise<Message[]> {
  const all = { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['SentTimestamp' as const] };
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: hidden, WaitTimeSeconds: 2, ...all }),
  );
  return Messages;
}

/** Looks at letters, and shows them to others again. */
async function peek(client: SQSClient, QueueUrl: string): Promise<Message[]> {
  const seen: Message[] = [];
  for (let some = await receive(client, QueueUrl); some.length > 0; some = seen.length < looked ? await receive(client, QueueUrl) : [])
    seen.push(...some);
  await show(client, QueueUrl, seen);
  return seen;
}

/** Lets others receive letters again. */
async function show(client: SQSClient, QueueUrl: string, letters: readonly Message[]): Promise<void> {
  await each(letters, ({ ReceiptHandle }) => client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })));
}

async function forget(client: SQSClient, QueueUrl: string, letters: readonly Message[]): Promise<void> {
  await each(letters, ({ ReceiptHandle }) => client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })));
}

/** Ten at once, as many as are received at once. */
async function each(letters: readonly Message[], act: (letter: Message) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < letters.length; at += 10) await Promise.all(letters.slice(at, at + 10).map(act));
}
