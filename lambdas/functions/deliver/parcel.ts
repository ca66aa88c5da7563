import type { SQSRecord } from 'aws-lambda';
import { recordedName } from '../../core/attempts/attempt.ts';
import type { Call, Destination, Item } from '../../core/destinations/destination.ts';
import { type Parcel, parcelsOf, readEntry } from '../../core/destinations/forwarding/parcel.ts';
import type { Outcome } from '../../core/destinations/outcome.ts';
import { Event } from '../../core/events/event.ts';
import type { KeyedBarrierDeps } from '../../core/privacy/event-barriers.ts';
import { type Aftermath, aftermathOf, type ParcelTry } from './aftermath.ts';
import { callAll } from './calls.ts';
import type { Journal } from './journal.ts';
import type { MessageDeps } from './messages.ts';
import { isRedriven, recordTry } from './tries.ts';
import { type ConsentDeps, stopped, withdrawn } from './withdrawn.ts';

/** What forwarded events are delivered with. */
export interface ParcelDeps extends MessageDeps, ConsentDeps, KeyedBarrierDeps {
  readonly destination: Destination;
  /** Puts a new message on the destination's queue, which shows it after some seconds. */
  readonly sendBack: (body: string, seconds: number) => Promise<void>;
  readonly journal: Pick<Journal, 'note'>;
}

/** The longest for which SQS holds back a new message. */
const longestDelay = 900;

/** What became of a message: whether its queue keeps it, and since when deliveries of its events have failed. */
export interface Settled {
  readonly kept: boolean;
  readonly failingSince?: number | undefined;
}

/**
 * Delivers forwarded events. Those that failed return to the queue as a smaller message with one try more; those that
 * failed for good become dead letters; those that time did not suffice for return as they are.
 */
export async function deliverParcel(
  record: SQSRecord,
  parcel: Parcel,
  deadline: number,
  deps: ParcelDeps,
): Promise<Settled> {
  const early = (parcel.tries?.notBefore ?? 0) - deps.now();
  if (early > 0) {
    await deps.putOff(record.receiptHandle, Math.ceil(early / 1_000));
    return { kept: true };
  }
  const tried = tryOf(record, parcel);
  const { items, people, unreadable } = itemsOf(parcel.events, tried.queued);
  const kept = await stopped(items.keys(), people, deps);
  const refused = new Map([...(await withdrawn(items.keys(), people, deps)), ...kept]);
  const allowed = [...items.keys()].filter((item) => !refused.has(item));
  const told = await callAll(allowed, deps.destination, { deadline, now: deps.now });
  const outcomes = new Map([...refused, ...told]);
  const after = aftermathOf(
    { items, outcomes, unreadable },
    { ...tried, now: deps.now(), hours: deps.hours },
    deps.chance(),
  );
  await keepDead(after, tried, deps);
  noteAll({ record, outcomes, unreadable }, after, tried, deps);
  tell(after, record, deps);
  if (after.again.length === 0 && after.untried.length === 0) return { kept: false, ...failing(after, tried) };
  if (after.again.length === parcel.events.length) {
    await recordTry(record, deps);
    await deps.putOff(record.receiptHandle, after.wait);
    return { kept: true, ...failing(after, tried) };
  }
  await returnRest(after, tried, deps);
  return { kept: false, ...failing(after, tried) };
}

const failing = ({ again, dead }: Aftermath, { firstTried }: ParcelTry) =>
  again.length + dead.size > 0 ? { failingSince: firstTried } : {};

/** A try, and what it found out. */
interface Tried {
  readonly record: SQSRecord;
  readonly outcomes: ReadonlyMap<Item, Outcome>;
  readonly unreadable: readonly string[];
}

/**
 * Counts this try: a message that returned whole is counted by itself, and a smaller one counts those before it. What
 * an operator sent again begins with its first try.
 */
function tryOf(record: SQSRecord, parcel: Parcel): ParcelTry {
  const { attributes } = record;
  const tries = isRedriven(record) ? undefined : parcel.tries;
  return {
    ...((parcel.tries?.redriven || isRedriven(record)) && { redriven: true }),
    queued: tries?.queued ?? Number(attributes.SentTimestamp),
    firstTried: tries?.firstTried ?? Number(attributes.ApproximateFirstReceiveTimestamp),
    tries: (tries?.tries ?? 0) + Number(attributes.ApproximateReceiveCount),
  };
}

/** Items with their JSON and the keys of their people, and what is no event. */
function itemsOf(entries: readonly unknown[], queued: number) {
  const items = new Map<Item, string>();
  const people = new Map<Item, string>();
  const unreadable: string[] = [];
  for (const each of entries) {
    const json = JSON.stringify(each);
    const { event, person } = readEntry(each);
    const { data } = Event.safeParse(event);
    if (data === undefined) unreadable.push(json);
    else {
      const item = { id: data.messageId, call: data as Call, queued };
      items.set(item, json);
      if (person !== undefined) people.set(item, person);
    }
  }
  return { items, people, unreadable };
}

function noteAll(
  { record, outcomes, unreadable }: Tried,
  { ends }: Aftermath,
  { tries, redriven }: ParcelTry,
  { journal }: ParcelDeps,
): void {
  const shared = { record, attempt: tries, redriven };
  for (const [item, end] of ends)
    journal.note({ ...shared, ...aboutEvent(item), end, outcome: outcomes.get(item), told: [item] });
  if (unreadable.length === 0) return;
  journal.note({ ...shared, kind: 'unreadable', end: 'refused', reason: 'unreadable', items: unreadable.length });
}

function aboutEvent({ call }: Item) {
  const { event, userId, anonymousId } = call as Call & { readonly event?: unknown };
  const name = userId === undefined ? anonymousId && `anonymous:${anonymousId}` : `user:${userId}`;
  return { kind: 'event', about: recordedName(typeof event === 'string' ? event : call.type), name } as const;
}

async function keepDead({ dead }: Aftermath, { tries }: ParcelTry, { giveUp }: ParcelDeps): Promise<void> {
  for (const [reason, events] of dead)
    for (const body of parcelsOf(events)) await giveUp(body, { reason, tries: String(tries) });
}

async function returnRest(
  { again, untried, wait }: Aftermath,
  tried: ParcelTry,
  { sendBack, now }: ParcelDeps,
): Promise<void> {
  const later = { ...tried, notBefore: now() + wait * 1_000 };
  for (const body of parcelsOf(again, later)) await sendBack(body, Math.min(wait, longestDelay));
  const soon = { ...tried, tries: tried.tries - 1, notBefore: 0 };
  for (const body of parcelsOf(untried, soon)) await sendBack(body, 0);
}

function tell({ dead, again, reasons }: Aftermath, { messageId }: SQSRecord, { warn }: ParcelDeps): void {
  for (const [reason, events] of dead)
    warn('given up', { reason, events: String(events.length), queueMessageId: messageId });
  if (again.length > 0)
    warn('not delivered', { reason: reasons.join(', '), events: String(again.length), queueMessageId: messageId });
}
