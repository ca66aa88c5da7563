import { limits } from '../../../core/events/event.ts';
import { faultReason } from '../../../core/events/event-fault.ts';
import type { Submission } from '../../../core/events/submission.ts';
import { isUnwanted, mappingsOf, readEntries } from '../../../core/sources/read-entries.ts';
import type { Entry, Posted } from '../../../core/sources/vendors/entry.ts';
import type { WebhookSource } from '../../../core/sources/webhook.ts';
import type { WebhookTools } from './tools.ts';

/** The calls that a vendor's events become, those that no mapping takes, and how many are not wanted. */
interface Mapped {
  readonly submission: Submission;
  readonly ignored: number;
}

/** A vendor's event that became no call, for the quarantine. */
type LeftOut = Submission['leftOut'][number];

/**
 * Maps what a vendor posted, each event by itself: one that no mapping takes, or that a mapping cannot read, costs no
 * other.
 */
export function eventsOf(
  source: WebhookSource,
  posted: Posted,
  { signedId, callsOf }: { readonly signedId: string | undefined } & Pick<WebhookTools, 'callsOf'>,
): Mapped {
  const entries = readEntries(source, posted);
  const wanted = entries.filter((entry) => !isUnwanted(source, entry));
  const items: unknown[] = [];
  const leftOut: LeftOut[] = [];
  for (const entry of wanted) {
    const id = entry.id ?? (entries.length === 1 ? signedId : undefined);
    const calls = callsIn({ ...entry, id }, source, callsOf);
    if (Array.isArray(calls) && items.length + calls.length <= limits.batchEvents) items.push(...calls);
    else leftOut.push(Array.isArray(calls) ? { ...unmapped(entry), reason: tooMany } : calls);
  }
  return { submission: { items, shared: {}, leftOut }, ignored: entries.length - wanted.length };
}

const tooMany = `comes after ${limits.batchEvents} events of one request`;

function callsIn(entry: Entry, source: WebhookSource, callsOf: WebhookTools['callsOf']): unknown[] | LeftOut {
  const mappings = mappingsOf(source, entry);
  if (mappings.length === 0) return unmapped(entry);
  try {
    return callsOf(entry, mappings);
  } catch (error) {
    return { field: '', reason: `cannot be mapped: ${faultReason(error, entry.body)}`, item: entry.body };
  }
}

const unmapped = ({ type, body }: Entry): LeftOut => ({
  field: '',
  reason: `is an event "${type.slice(0, 100).toWellFormed()}" that no mapping takes; add a mapping, or ignore it`,
  item: body,
});
