import * as z from 'zod';
import type { Aggregate } from '../aggregates/aggregate.ts';
import { takeEvent } from '../evaluation/take-event.ts';
import type { Program } from '../program/compile.ts';
import { type AggregateRegistry, type Frozen, registeredBetween } from './registry.ts';

const Fields = z.record(z.string(), z.unknown());

/** What aggregates read of an event that the lake has. */
const HistoryEvent = z.object({
  type: z.string(),
  event: z.unknown().optional(),
  name: z.unknown().optional(),
  properties: Fields.optional(),
  traits: Fields.optional(),
  context: Fields.optional(),
  /** When it happened, and when it was received: milliseconds since 1970. */
  at: z.int(),
  receivedAt: z.int(),
  /** The mark of its message, as profiles know it. */
  mark: z.string().min(1),
});
export type HistoryEvent = z.infer<typeof HistoryEvent>;

/**
 * A line of a file of histories: events of one person of the lake, each message once. A person has several lines if one
 * would be too long; these follow one another and name the same identifiers.
 */
export const HistoryLine = z.object({
  /** As the lake knows the person. The lines of one person are those of one id that follow one another. */
  profileId: z.string().min(1),
  collection: z.enum(['users', 'accounts']).default('users'),
  /** All identifiers of the person when the histories were frozen: they lead to the profiles whose history it is. */
  identifiers: z.array(z.templateLiteral([z.string(), ':', z.string()])),
  events: z.array(HistoryEvent),
});
export type HistoryLine = z.infer<typeof HistoryLine>;

/** What is written last: these are all files of a run, and its histories are complete. */
export const HistoryManifest = z.object({
  run: z.string().min(1),
  /** Until when the lake had read what was received; past every cut of these aggregates. */
  at: z.iso.datetime(),
  from: z.int().nonnegative(),
  generation: z.int().nonnegative(),
  /** Keys in the lake bucket, in order. */
  files: z.array(z.string()),
  lines: z.int().nonnegative(),
  people: z.int().nonnegative(),
  events: z.int().nonnegative(),
});
export type HistoryManifest = z.infer<typeof HistoryManifest>;

/** A run's part of the registry. */
export const frozenOf = ({ run, at, from, generation }: HistoryManifest): Frozen => ({ run, at, from, generation });

/** Histories that are being brought, and the program and the part of the registry that are about such profiles. */
export interface Bringing {
  readonly program: Program;
  readonly registry: AggregateRegistry;
  readonly frozen: Frozen;
}

/**
 * Takes events into what aggregates keep that wait for the frozen histories, as far as these were received before the
 * aggregates began to count. They change in place: a person may have more events than memory has room for.
 */
export function takeHistory(
  aggregates: Map<string, Aggregate>,
  events: Iterable<HistoryEvent>,
  { program, registry, frozen }: Bringing,
): void {
  const wanted = registeredBetween(registry, frozen.from, frozen.generation);
  const cuts = new Map([...wanted].map(([id, { cut }]) => [id, cut === undefined ? -Infinity : Date.parse(cut)]));
  for (const { at, mark, receivedAt, ...event } of events)
    takeEvent(program, aggregates, { event, at, mark }, (id) => receivedAt < (cuts.get(id) ?? -Infinity));
}
