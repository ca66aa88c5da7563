import type { SQSRecord } from 'aws-lambda';
import type { ProfileChange } from '../../core/destinations/announcement.ts';
import { filtered, type Outcome } from '../../core/destinations/outcome.ts';
import { changeIn, type Told } from './bus-event.ts';
import { deliverChanges } from './changes.ts';
import type { TraitNews } from './trait-news.ts';
import type { TraitPlaces } from './trait-visit.ts';
import { deliverTraits } from './traits.ts';
import { cameBefore } from './tries.ts';
import type { Change, ChangeDeps } from './visit.ts';

/** What news of memberships and computed traits are delivered with. */
export interface NewsDeps extends ChangeDeps {
  /** Keys of the segments that the destination subscribes to. */
  readonly segments: ReadonlySet<string>;
  /** Absent if the destination is told no computed traits. */
  readonly traits?: TraitPlaces | undefined;
}

/**
 * The outcome of each message. Messages about the same membership or trait share the work. What the destination no
 * longer subscribes to is dropped: the configuration of now decides.
 */
export async function outcomesOf(
  messages: readonly SQSRecord[],
  deadline: number,
  deps: NewsDeps,
): Promise<Map<SQSRecord, Outcome>> {
  const outcomes = new Map<SQSRecord, Outcome>();
  const changes = new Map<string, Sharing>();
  for (const message of messages) {
    const read = changeIn(message);
    if (read === undefined) outcomes.set(message, { kind: 'refused', reason: 'unreadable', requests: 0 });
    else if (!isSubscribed(read.change, deps)) outcomes.set(message, filtered('not subscribed'));
    else {
      const key = keyOf(read.change);
      const { messages: others = [], occasions = [], change: before, came = false } = changes.get(key) ?? {};
      const again = before?.again ?? read.change.again;
      const change = { ...read.change, ...(again && { again }) };
      changes.set(key, {
        change,
        came: came || cameBefore(message),
        queued: read.queued,
        messages: [...others, message],
        occasions: [...occasions, read.occasion],
      });
    }
  }
  const all = [...changes.values()];
  const settled = await tellAll(all, deadline, deps);
  for (const each of all) for (const message of each.messages) outcomes.set(message, settled.get(each) ?? lost);
  return outcomes;
}

/** A change that messages are about, and the ids of their events on the bus. */
interface Sharing extends Pick<Told, 'change' | 'queued'> {
  readonly messages: readonly SQSRecord[];
  readonly occasions: readonly string[];
  /** Whether one of the messages was received before. */
  readonly came: boolean;
}

const keyOf = (change: ProfileChange): string =>
  JSON.stringify('trait' in change ? [change.profileId, 'trait', change.trait] : [change.profileId, change.segment]);

const isSubscribed = (change: ProfileChange, { segments, traits }: NewsDeps): boolean =>
  'trait' in change ? traits?.keys.has(change.trait) === true : segments.has(change.segment);

/** Tells memberships and traits side by side. */
async function tellAll(
  all: readonly Sharing[],
  deadline: number,
  deps: NewsDeps,
): Promise<ReadonlyMap<Sharing, Outcome>> {
  const memberships = new Map<Change, Sharing>();
  const news = new Map<TraitNews, Sharing>();
  for (const each of all) {
    const { change, occasions, queued, came } = each;
    if ('trait' in change) news.set({ ...change, occasions, queued }, each);
    else memberships.set({ ...change, occasion: occasions.at(-1) ?? '', queued, came }, each);
  }
  const { traits } = deps;
  const [told, values] = await Promise.all([
    deliverChanges([...memberships.keys()], deadline, deps),
    traits === undefined ? new Map() : deliverTraits([...news.keys()], deadline, { ...deps, traits }),
  ]);
  const ended = [...memberships].map(([change, each]) => [each, told.get(change) ?? lost] as const);
  return new Map([...ended, ...[...news].map(([each, sharing]) => [sharing, values.get(each) ?? lost] as const)]);
}

const lost: Outcome = { kind: 'retry', reason: 'no outcome', requests: 0 };
