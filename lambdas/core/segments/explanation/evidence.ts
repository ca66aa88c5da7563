import { formatInstant } from '../../values/time.ts';
import type { Entry } from '../aggregates/occurrence.ts';
import { lastPair, type Pairs } from '../aggregates/pairs.ts';
import { fieldAt } from '../comparisons/path.ts';
import { numberOfAmount } from '../comparisons/reading.ts';
import { computedValue } from '../evaluation/compute-value.ts';
import { entriesIn, entriesOf, keptOf, pairIn, sumsIn } from '../evaluation/in-window.ts';
import { type Scene, zoneFor } from '../evaluation/known.ts';
import { placeOf } from '../evaluation/leaf.ts';
import type { Leaf } from '../program/node.ts';

/** An event that counts. The lake has the whole of it. */
export interface CountedEvent {
  readonly event: string;
  readonly at: string;
  /** Tells its message from the others of the profile; null where only the time is kept. */
  readonly mark: string | null;
  /** What is kept of it. */
  readonly value?: unknown;
}

/** A value that a part of a rule reads; null where there is none. */
export interface ReadValue {
  readonly what: string;
  readonly value: unknown;
}

/** What a part of a rule is decided by. */
export interface Evidence {
  readonly values: readonly ReadValue[];
  /** Newest first. Beyond the newest 64 a profile keeps sums and no events. */
  readonly events: readonly CountedEvent[];
}

/** What decides a part of a rule at the scene's time. */
export function evidenceOf(leaf: Leaf, scene: Scene): Evidence {
  const { known } = scene;
  switch (leaf.kind) {
    case 'trait':
    case 'date':
    case 'during':
      return valueOnly(`trait ${leaf.name}`, fieldAt(known.traitOf, leaf.name));
    case 'count':
      return ofCount(leaf, scene);
    case 'sequence':
      return ofSequence(leaf, scene);
    case 'absence':
      return { values: [], events: [...lastOf(leaf.second, scene), ...lastOf(leaf.first, scene)] };
    case 'computed':
      return ofComputed(leaf, leaf.zone === undefined ? scene : { ...scene, zone: zoneFor(leaf.zone, known) });
    case 'consent':
      return valueOnly('consent', consentWord(known.consentOf(leaf.category)));
    case 'identifier':
      return valueOnly('has one', known.hasIdentifier(leaf.type));
    case 'knownFor':
      return valueOnly('known since', formatInstant(known.since));
    case 'member':
      return valueOnly('is in it', known.memberOf?.(leaf.key) === true);
    case 'sample':
      return valueOnly('drawn at percent', placeOf(known.profileId, leaf.salt) * 100);
  }
}

const valueOnly = (what: string, value: unknown): Evidence => ({
  values: [{ what, value: value ?? null }],
  events: [],
});

function consentWord(isGranted: boolean | undefined): string {
  if (isGranted === undefined) return 'unknown';
  return isGranted ? 'granted' : 'denied';
}

function ofCount({ aggregate, span }: Extract<Leaf, { kind: 'count' }>, scene: Scene): Evidence {
  const kept = keptOf(scene, aggregate);
  const entries = entriesIn(kept, span, scene.zone).at(scene.from);
  const hasSums = kept.shape.kind === 'total' || kept.shape.kind === 'series';
  const isFull = 'keep' in kept.shape && !hasSums && entries.length === kept.shape.keep;
  return {
    values: [
      {
        what: isFull ? 'times or more' : 'times',
        value: hasSums ? sumsIn(kept, span, scene.zone).at(scene.from).n : entries.length,
      },
    ],
    events: countedOf(aggregate, entries, scene),
  };
}

function ofComputed({ computing }: Extract<Leaf, { kind: 'computed' }>, scene: Scene): Evidence {
  const { aggregate, span } = computing;
  const value = computedValue(computing, scene).at(scene.from);
  const entries = entriesIn(keptOf(scene, aggregate), span, scene.zone).at(scene.from);
  return { ...valueOnly('value', value), events: countedOf(aggregate, entries, scene) };
}

function ofSequence({ aggregate, span }: Extract<Leaf, { kind: 'sequence' }>, scene: Scene): Evidence {
  const kept = keptOf(scene, aggregate);
  const isThere = pairIn(kept, span, scene.zone).at(scene.from);
  const last = kept.shape.kind === 'pairs' && isThere ? lastPair(kept.shape, kept.state as Pairs) : undefined;
  const event = nameOf(scene.program.aggregates.get(aggregate)?.second?.key);
  return { values: [], events: last === undefined ? [] : [{ event, at: formatInstant(last), mark: null }] };
}

const lastOf = (aggregate: string, scene: Scene): CountedEvent[] =>
  countedOf(aggregate, entriesOf(keptOf(scene, aggregate)).slice(0, 1), scene);

const countedOf = (aggregate: string, entries: readonly Entry[], { program }: Scene): CountedEvent[] =>
  entries
    .toSorted((a, b) => b.at - a.at)
    .map(({ at, mark, value }) => ({
      event: nameOf(program.aggregates.get(aggregate)?.first.key),
      at: formatInstant(at),
      mark,
      ...(value !== undefined && { value: typeof value === 'bigint' ? numberOfAmount(value) : value }),
    }));

/** A track call is known by its name, any other by its type, too. */
const nameOf = (key = ''): string => key.replace(/^track /, '');
