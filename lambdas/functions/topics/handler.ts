import type { CountLoad, CountRows } from '../../adapters/metrics/import-metrics.ts';
import type { callsOf } from '../../adapters/sources/map-entry.ts';
import type { CdpConfig } from '../../core/config/config.ts';
import type { Arrival } from '../../core/events/arrival.ts';
import { namingRule } from '../../core/identifiers/naming-rule.ts';
import { isStoppedBy } from '../../core/privacy/event-barriers.ts';
import type { KafkaSource } from '../../core/sources/kafka.ts';
import { eventsOfRow, type RowOutcome } from '../import/rows.ts';
import { replayed, type SendRowsDeps, sendRows } from '../import/send-rows.ts';
import { readRecord, type TopicRecord } from './record.ts';
import { type StageChangesDeps, stageChanges } from './stage-changes.ts';

/** Everything that the function works with. */
export interface TopicsDeps extends SendRowsDeps, StageChangesDeps {
  readonly config: Pick<CdpConfig, 'sources' | 'identity'>;
  /** The source whose topics it reads. */
  readonly sourceId: string;
  readonly callsOf: typeof callsOf;
  readonly signalsOf?: Arrival['signalsOf'];
  readonly count: CountRows;
  readonly countLoad: CountLoad;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What Lambda gives for topics of MSK and of brokers of one's own. */
export interface TopicsEvent {
  readonly records: Readonly<Record<string, readonly TopicRecord[]>>;
}

/** The function has no configuration for what it is given. */
export class NotDeclared extends Error {
  override readonly name = 'NotDeclared';
}

/**
 * Younger records are sent as events of now, which a profile counts once for 24 hours. Older ones are sent as replayed,
 * which it knows at any age. A record that Kafka gives again is known either way: it was sent at most so long ago as an
 * event of now, or as replayed.
 */
const youngFor = 20 * 3_600_000;

/** When records are taken, in milliseconds since 1970, and which of them are not. */
interface Taking {
  readonly now: number;
  readonly isStopped: NonNullable<Arrival['isStopped']>;
}

/** Records of topics of one object. */
type Declared = KafkaSource['objects'][number];
type Events = Extract<Declared, { readonly rows: 'events' }>;

/**
 * Sends the records of a batch, and keeps those that are no events; changes of tables it leaves in the lake. It fails
 * only if the stream or the lake does not take them; then Kafka gives all of them again, and no offset is committed.
 */
export function createHandler(deps: TopicsDeps) {
  const source = sourceOf(deps);
  const isNamed = namingRule(source, deps.config.identity);

  function objectOf({ topic: name }: TopicRecord): Declared {
    const declared = source.objects.find(({ topic }) => topic === name);
    if (declared === undefined) throw new NotDeclared(`source ${source.id} has no topic ${name}`);
    return declared;
  }

  function outcomeOf(record: TopicRecord, declared: Events, { now, isStopped }: Taking): RowOutcome {
    const { line, load } = readRecord(record, now);
    const isOld = now - record.timestamp > youngFor;
    // A profile's marks tell whether it has a replayed event only if they reach back to when it can first have come in.
    const receivedAt = isOld ? record.timestamp : now;
    const { id: sourceId, clientAnonymous } = source;
    const { signalsOf } = deps;
    const arrival = { sourceId, receivedAt, newId: () => '', isNamed, signalsOf, clientAnonymous, isStopped };
    const { identity } = deps.config;
    const outcome = eventsOfRow(line, { declared, load, arrival, identity, callsOf: deps.callsOf });
    return isOld ? replayed(outcome) : outcome;
  }

  async function take(declared: Declared, all: readonly TopicRecord[]): Promise<void> {
    const [first] = all;
    if (first === undefined) return;
    const now = deps.now();
    if (declared.rows === 'records')
      return stageChanges(all, { sourceId: source.id, object: declared.object, now }, deps);
    const isStopped = isStoppedBy(await deps.barriers());
    const outcomes = all.map((record) => outcomeOf(record, declared, { now, isStopped }));
    // The same batch again has the same name and time, so that its bad rows replace those of before.
    const name = `${source.id}-${first.topic}-${first.partition}-${first.offset}`;
    const receivedAt = Math.min(Math.max(first.timestamp, 0), now);
    deps.count(source.id, await sendRows(outcomes, { sourceId: source.id, receivedAt, name }, deps));
  }

  return async ({ records }: TopicsEvent): Promise<void> => {
    const byObject = Map.groupBy(Object.values(records).flat(), objectOf);
    for (const [declared, some] of byObject) await take(declared, some);
    deps.countLoad(source.id, { rows: [...byObject.values()].reduce((sum, { length }) => sum + length, 0) });
  };
}

function sourceOf({ config, sourceId }: TopicsDeps): KafkaSource {
  const source = config.sources.find((one) => one.id === sourceId);
  if (source?.kind === 'kafka') return source;
  throw new NotDeclared(`no source ${sourceId} of Kafka is configured`);
}
