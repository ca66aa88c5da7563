import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deadLetters } from '../../../lambdas/adapters/queues/dead-letters.ts';
import { intoQueue, ontoBus } from '../../../lambdas/adapters/queues/letter-takers.ts';

const eventOf = (n: number) => ({
  version: '0',
  source: 'cdp.segments',
  'detail-type': 'Segment Membership Changed',
  detail: { profileId: `p${n}`, segment: 'vip', change: 'entered' },
});

/** What SQS moved has the event as its body; so has what EventBridge put there, which says why in attributes. */
const kinds = {
  sqs: (n: number): Message => ({ Body: JSON.stringify(eventOf(n)) }),
  rule: (n: number): Message => ({
    Body: JSON.stringify(eventOf(n)),
    MessageAttributes: {
      ERROR_CODE: { DataType: 'String', StringValue: 'NO_PERMISSIONS' },
      RULE_ARN: { DataType: 'String', StringValue: 'arn' },
    },
  }),
  parcel: (n: number): Message => ({ Body: JSON.stringify({ forwarded: { events: [{ messageId: `p${n}` }] } }) }),
  sealed: (n: number): Message => ({
    Body: JSON.stringify({ 'detail-type': 'Encrypted Events', detail: { 'encrypted-payload': `${n}` } }),
  }),
  strange: (n: number): Message => ({ Body: `no event ${n}` }),
};
type Kind = keyof typeof kinds;

class Killed extends Error {
  override readonly name = 'Killed';
}

/** Two queues, and how many calls they answer before the process that makes them is killed. */
function queues(letters: readonly Kind[]) {
  const dead = new Map(
    letters.map((kind, n) => [
      `letter-${n}`,
      { ...kinds[kind](n), MessageId: `letter-${n}`, Attributes: { SentTimestamp: `${1_000 + n}` } },
    ]),
  );
  const [hidden, work]: [Set<string>, string[]] = [new Set(), []];
  const calls = { left: Number.POSITIVE_INFINITY };
  const answer = (command: unknown): object => {
    if (command instanceof ReceiveMessageCommand) {
      const some = [...dead.values()].filter(({ MessageId }) => !hidden.has(MessageId)).slice(0, 10);
      for (const { MessageId } of some) hidden.add(MessageId);
      return { Messages: some.map((letter) => ({ ...letter, ReceiptHandle: letter.MessageId })) };
    }
    if (command instanceof SendMessageCommand) work.push(command.input.MessageBody ?? '');
    if (command instanceof ChangeMessageVisibilityCommand && command.input.VisibilityTimeout === 0)
      hidden.delete(command.input.ReceiptHandle ?? '');
    if (command instanceof DeleteMessageCommand)
      for (const all of [dead, hidden]) all.delete(command.input.ReceiptHandle ?? '');
    if (command instanceof GetQueueAttributesCommand)
      return {
        Attributes: { ApproximateNumberOfMessages: `${dead.size}`, ApproximateNumberOfMessagesNotVisible: '0' },
      };
    return {};
  };
  const send = async (command: unknown) => {
    const answered = calls.left-- > 0 ? answer(command) : undefined;
    if (answered === undefined) throw new Killed();
    return answered;
  };
  const client = { send } as unknown as SQSClient;
  return {
    dead,
    hidden,
    work,
    client,
    calls,
    /** The next process: what it hid is shown again, and it is killed after so many calls. */
    next: (most = Number.POSITIVE_INFINITY) => {
      hidden.clear();
      calls.left = most;
    },
    place: deadLetters(client, 'destination Crm', 'dead', intoQueue(client, 'work')),
  };
}

const going = { tell: () => {}, isStopped: () => false };
const kind = fc.constantFrom(...(Object.keys(kinds) as Kind[]));
const sendable = (all: readonly Kind[]) =>
  all.flatMap((one, n) => (['sqs', 'rule', 'parcel'].includes(one) ? [`p${n}`] : []));
const told = (bodies: readonly string[]): string[] =>
  bodies.map((body) => {
    const { detail, forwarded } = JSON.parse(body);
    return detail?.profileId ?? forwarded.events[0].messageId;
  });

describe('a redrive of dead letters', () => {
  it('sends letters of both kinds once and removes them, and leaves each that nobody can read, with why', () =>
    fc.assert(
      fc.asyncProperty(fc.array(kind, { maxLength: 45 }), async (letters) => {
        const { place, dead, hidden, work } = queues(letters);
        const { sent, left } = await place.send(going);
        expect([told(work).sort(), sent]).toEqual([sendable(letters).sort(), sendable(letters).length]);
        expect(left.map(({ name }) => name).sort()).toEqual([...dead.keys()].map((id) => `letter ${id}`).sort());
        expect(left.every(({ why }) => /encrypted|no event/.test(why))).toBe(true);
        expect([dead.size, hidden.size]).toEqual([letters.length - sent, 0]);
      }),
    ));

  it('that dies anywhere loses nothing, and the next sends no more than ten again', () =>
    fc.assert(
      fc.asyncProperty(fc.array(kind, { minLength: 1, maxLength: 35 }), fc.nat(80), async (letters, most) => {
        const { place, work, next } = queues(letters);
        next(most);
        await place.send(going).catch((error: Error) => expect(error).toBeInstanceOf(Killed));
        next();
        await place.send(going);
        expect(new Set(told(work))).toEqual(new Set(sendable(letters)));
        expect(work.length).toBeLessThanOrEqual(sendable(letters).length + 10);
      }),
    ));

  it('ends although those that stay come back before all were seen, and sends each that can be sent', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(kind, { minLength: 1, maxLength: 45, size: 'max' }),
        fc.integer({ min: 6, max: 60 }),
        async (letters, seconds) => {
          const { client, dead, hidden, work, calls } = queues(letters);
          calls.left = 1_000;
          const until = new Map<string, number>();
          let now = 0;
          /** Each receive takes so many seconds, after which what was hidden for less is shown. */
          const slow = async (command: object) => {
            if (command instanceof ChangeMessageVisibilityCommand)
              until.set(command.input.ReceiptHandle ?? '', now + (command.input.VisibilityTimeout ?? 0));
            if (!(command instanceof ReceiveMessageCommand)) return client.send(command as ReceiveMessageCommand);
            now += seconds;
            for (const id of hidden) if ((until.get(id) ?? 0) <= now) hidden.delete(id);
            const answer = await client.send(command);
            for (const { MessageId = '' } of answer.Messages ?? [])
              until.set(MessageId, now + (command.input.VisibilityTimeout ?? 0));
            return answer;
          };
          const place = deadLetters(
            { send: slow } as unknown as SQSClient,
            'destination Crm',
            'dead',
            intoQueue(client, 'work'),
          );
          const { sent, left } = await place.send(going);
          expect([told(work).sort(), sent, left.length]).toEqual([
            sendable(letters).sort(),
            sendable(letters).length,
            letters.length - sent,
          ]);
          expect([dead.size, hidden.size]).toEqual([left.length, 0]);
        },
      ),
    ));

  it('that is refused in the middle says how many it sent before, and why the rest stays', async () => {
    const { client, dead, hidden } = queues(Array<Kind>(25).fill('sqs'));
    let asked = 0;
    const take = async (): Promise<ReadonlyMap<string, string>> => {
      if (asked++ === 2) throw Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
      return new Map();
    };
    const { sent, left } = await deadLetters(client, 'bus', 'dead', take).send(going);
    expect([sent, left, dead.size, hidden.size]).toEqual([
      20,
      [{ name: 'the rest', why: 'ThrottlingException: slow down' }],
      5,
      0,
    ]);
  });

  it('stops when asked to, after what it was about', async () => {
    const { place, dead } = queues(Array<Kind>(25).fill('sqs'));
    expect(await place.send({ tell: () => {}, isStopped: () => true })).toMatchObject({ sent: 10, left: [] });
    expect(dead.size).toBe(15);
  });
});

it('a look tells counts, the oldest and reasons, and leaves every letter to others', async () => {
  const { place, dead, hidden } = queues(['sqs', 'rule', 'rule', 'sealed']);
  const reasons = [
    ['EventBridge: NO_PERMISSIONS', 2],
    ['tried too often', 1],
    ['EventBridge could not use the key, and the event is encrypted', 1],
  ];
  expect(await place.look()).toEqual({ what: 'destination Crm', count: 4, since: 1_000, reasons });
  expect([dead.size, hidden.size]).toEqual([4, 0]);
});

it('letters of the bus go onto the bus again, and those that it refuses stay', async () => {
  const { client, dead } = queues(['rule', 'rule', 'strange']);
  const put: object[] = [];
  const send = async ({ input: { Entries = [] } }: PutEventsCommand) => {
    put.push(...Entries);
    return { Entries: Entries.map((_, n) => (n === 0 ? { EventId: 'taken' } : { ErrorCode: 'ThrottlingException' })) };
  };
  const place = deadLetters(client, 'bus', 'dead', ontoBus({ send } as unknown as EventBridgeClient, 'segments'));
  const { sent, left } = await place.send(going);
  expect(put[0]).toEqual({
    EventBusName: 'segments',
    Source: 'cdp.segments',
    DetailType: 'Segment Membership Changed',
    Detail: JSON.stringify(eventOf(0).detail),
  });
  expect([sent, left.map(({ why }) => why), [...dead.keys()]]).toEqual([
    1,
    ['the bus refuses it: ThrottlingException', 'it holds no event of the segment bus'],
    ['letter-1', 'letter-2'],
  ]);
});

describe('an operator who chooses', () => {
  const going = { tell: () => {}, isStopped: () => false };
  const only = (text: string) => ({ ...going, isWanted: (entry: { text: string }) => entry.text.includes(text) });

  it('sends what they ask for, and leaves the rest as it was', async () => {
    const { place, dead, hidden, work } = queues(Array(25).fill('sqs'));
    expect(await place.send(only('"p7"'))).toEqual({ what: 'destination Crm', sent: 1, others: 24, left: [] });
    expect([work.length, dead.size, hidden.size]).toEqual([1, 24, 0]);
  });

  it('may choose by the reason', async () => {
    const { place, work } = queues(['sqs', 'rule', 'sqs']);
    const isWanted = ({ reason }: { reason: string }) => reason.includes('NO_PERMISSIONS');
    expect(await place.send({ ...going, isWanted })).toMatchObject({ sent: 1, others: 2 });
    expect(work).toEqual([JSON.stringify(eventOf(1))]);
  });

  it('can see first what would be sent, and nothing is', async () => {
    const { place, dead, hidden, work } = queues(Array(25).fill('sqs'));
    expect(await place.send({ ...only('p1'), isRehearsal: true })).toMatchObject({ sent: 11, others: 14, left: [] });
    expect([work, dead.size, hidden.size]).toEqual([[], 25, 0]);
  });
});
