import type { SQSRecord } from 'aws-lambda';
import type { AttemptEnd } from '../../core/attempts/attempt.ts';
import type { Parcel } from '../../core/destinations/forwarding/parcel.ts';
import type { NotDelivered, Outcome } from '../../core/destinations/outcome.ts';
import { changeIn, subjectOf } from './bus-event.ts';
import type { Admitted } from './gate.ts';
import type { Journal } from './journal.ts';
import { type Failure, hold, type MessageDeps, settle } from './messages.ts';
import { endOf } from './next.ts';
import { isRedriven } from './tries.ts';

/** What messages are ended and recorded with. */
interface NotingDeps extends MessageDeps {
  readonly journal: Journal;
}

/** A message, and the parcel in it. */
export interface Read {
  readonly message: SQSRecord;
  readonly parcel: Parcel | undefined;
}

/** Ends a message and records how. */
export async function settleAndNote(
  message: SQSRecord,
  outcome: Outcome,
  deps: NotingDeps,
): Promise<Failure | undefined> {
  const failure = await settle(message, outcome, deps);
  const end = failure === undefined || !isNotDelivered(outcome) ? endOfTaken(outcome) : endOf(outcome, failure.kept);
  const { change, ...about } = aboutMessage(message);
  const told = change && deps.journal.toldOf(change.profileId, subjectOf(change));
  deps.journal.note({ ...about, outcome, end, told });
  return failure;
}

/** Holds a message back and records it: one row, also for many events. */
export async function holdBack({ message, parcel }: Read, admitted: Admitted, deps: NotingDeps): Promise<Failure> {
  const failure = await hold(message, admitted, deps);
  const about = parcel === undefined ? aboutMessage(message) : aboutParcel(message, parcel);
  const reason = admitted.why === 'breaker' ? 'breaker_open' : 'rate_limited';
  deps.journal.note({ ...about, attempt: 0, reason, end: failure.kept ? 'dead' : 'held' });
  return failure;
}

const isNotDelivered = (outcome: Outcome): outcome is NotDelivered =>
  outcome.kind !== 'delivered' && outcome.kind !== 'filtered';
const endOfTaken = ({ kind }: Outcome): AttemptEnd => (kind === 'filtered' ? 'filtered' : 'delivered');

/** What a row says about a message with a change. */
function aboutMessage(message: SQSRecord) {
  const { change } = changeIn(message) ?? {};
  const shared = {
    record: message,
    attempt: Number(message.attributes?.ApproximateReceiveCount ?? 1),
    redriven: isRedriven(message),
    change,
  };
  if (change === undefined) return { ...shared, kind: 'unreadable' } as const;
  const kind = 'trait' in change ? 'trait' : 'audience';
  return { ...shared, kind, about: subjectOf(change), name: `profile:${change.profileId}` } as const;
}

const aboutParcel = (message: SQSRecord, { tries, events }: Parcel) =>
  ({
    record: message,
    attempt: (tries?.tries ?? 0) + Number(message.attributes?.ApproximateReceiveCount ?? 1),
    redriven: tries?.redriven ?? isRedriven(message),
    kind: 'event',
    items: events.length,
  }) as const;

/** Ends a parcel that failed as a whole, and records how: one row for its events. */
export async function failWhole(
  { message, parcel }: { readonly message: SQSRecord; readonly parcel: Parcel },
  outcome: NotDelivered,
  deps: NotingDeps,
): Promise<Failure | undefined> {
  const failure = await settle(message, outcome, deps);
  deps.journal.note({ ...aboutParcel(message, parcel), outcome, end: endOf(outcome, failure?.kept ?? false) });
  return failure;
}
