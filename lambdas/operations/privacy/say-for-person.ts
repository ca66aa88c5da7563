import type { BarrierItems } from '../../adapters/dynamodb/barrier-items.ts';
import type { IdentifierKey } from '../../adapters/dynamodb/identifier-key.ts';
import type { identityTable } from '../../adapters/dynamodb/identity-table.ts';
import type { Versioned } from '../../adapters/dynamodb/request-items.ts';
import type { WaitBeforeAttempt } from '../../adapters/streams/backoff.ts';
import type { PutOutcome } from '../../adapters/streams/retry-failed-entries.ts';
import type { CdpConfig } from '../../core/config/config.ts';
import { Event } from '../../core/events/event.ts';
import { shardPerson } from '../../core/events/shard-person.ts';
import { packLines } from '../../core/events/stream-record.ts';
import { hasConsent, unsaidTraits } from '../../core/operations/officer-said.ts';
import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import { stopOf } from '../../core/privacy/barrier.ts';
import { optedOutEnd, rectifiedEnd } from '../../core/privacy/done-ends.ts';
import { receiptsOf } from '../../core/privacy/next-receipt.ts';
import { speakerIn } from '../../core/privacy/officer-call.ts';
import type { ReceiptSigner } from '../../core/privacy/receipt.ts';
import type { StoredRequest } from '../../core/privacy/request.ts';
import type { SourcedRecord } from '../../core/replay/records.ts';
import { readJson } from '../../core/values/json.ts';

/** Puts records on the event stream. */
export type SendCalls = (records: readonly SourcedRecord[]) => Promise<PutOutcome>;

/** What speaking for a person needs. */
export interface SayDeps {
  readonly send: SendCalls;
  readonly people: Pick<ReturnType<typeof identityTable>, 'readLive'>;
  readonly barriers: Pick<BarrierItems, 'read'>;
  readonly keyOf: IdentifierKey;
  readonly config: CdpConfig;
  /** Looks once more whether a call may be said. @throws OperatorRefused */
  readonly check: (call: Event) => Promise<void>;
  readonly signer: ReceiptSigner;
  readonly pause: WaitBeforeAttempt;
  readonly now: () => string;
}

/** How often it looks whether the table has what was said: the waits between take 13 seconds at most. */
const looks = 12;

/**
 * Says what a request has to say, in events that take the way of all events, and waits until the profile table has it.
 * As long as it has not, the request waits and says again what is missing when it is run: the same events count once.
 * Of a person who is kept out nothing is put on the stream.
 */
export async function sayForPerson(
  found: Versioned,
  put: (next: Versioned) => Promise<Versioned>,
  deps: SayDeps,
): Promise<StoredRequest> {
  const { send, check, pause, signer, now } = deps;
  let at = found;
  const note = async (news: Partial<StoredRequest>) => {
    at = await put({ ...at, request: { ...at.request, ...news } });
  };
  const isFirst = at.request.state !== 'waiting';
  if (at.request.state === 'received') await note({ state: 'running' });
  const calls = (at.request.calls ?? []).map((text) => Event.parse(readJson(text)));
  const look = () => Promise.all(calls.map((call) => endOf(call, deps)));
  let ends = await look();
  const unsaid = calls.filter((_, n) => {
    const { is, roomless = [] } = ends[n] ?? { is: 'open' };
    // A profile without room looks the same whether or not it was said, and then only the lake has it.
    return is === 'open' || (is === 'said' && (isFirst || roomless.length > 0));
  });
  for (const call of unsaid) await check(call);
  const sent = await send(unsaid.flatMap(recordOf));
  if (!sent.ok) throw new OperatorRefused('contended', 'the event stream takes nothing now; run the request again');
  const some = (is: End['is']) => ends.some((end) => end.is === is);
  for (let looked = 0; looked < looks && some('open'); looked++) {
    if (looked > 0) await pause(looked);
    ends = await look();
  }
  if (some('open') || some('kept out')) {
    if (at.request.state !== 'waiting') await note({ state: 'waiting' });
    return at.request;
  }
  const erased = ends.filter(({ is }) => is === 'erased').length;
  const roomless = new Set(ends.flatMap((end) => end.roomless ?? [])).size;
  const end =
    at.request.type === 'opt_out' ? optedOutEnd(at.request, calls, erased) : rectifiedEnd(calls, { erased, roomless });
  const receipts = receiptsOf(at.request, [end], { now: now(), signer });
  const { calls: _said, ...request } = at.request;
  const completed = { ...request, receipts, state: 'completed' as const, completedAt: now() };
  return (await put({ ...at, request: completed })).request;
}

const recordOf = (call: Event): SourcedRecord[] => {
  const person = shardPerson(call);
  return packLines([{ json: JSON.stringify(call), person }]).map((packed) => ({ ...packed, sourceId: call.sourceId }));
};

interface End {
  readonly is: 'said' | 'erased' | 'kept out' | 'open';
  /** Traits that were said, and for which the profile has no room. */
  readonly roomless?: readonly string[];
}

/** Whether the table has what a call says, or the person was erased since or is suppressed, or nothing of it. */
async function endOf(call: Event, { people, barriers, keyOf, config }: SayDeps): Promise<End> {
  const speaker = speakerIn(call);
  if (speaker === undefined) return { is: 'open' };
  const { erased, suppressed } = (await barriers.read(keyOf(speaker))) ?? {};
  // A suppression may stand beside an erasure, and does not hide it.
  if (stopOf({ erased }, call.timestamp) === 'erased') return { is: 'erased' };
  const live = await people.readLive({ identifier: speaker, collection: 'users' });
  if (live !== undefined && hasConsent(live.profile, call, speaker)) {
    const { open, roomless } = unsaidTraits(live.profile, call, config.survivorship);
    if (open.length === 0) return { is: 'said', roomless };
  }
  return { is: suppressed ? 'kept out' : 'open' };
}
