import type { JSONObject, SegmentEvent } from '@segment/actions-core';
import type { Call } from '../../../core/destinations/destination.ts';
import { type Outcome, outcomeOf } from '../../../core/destinations/outcome.ts';
import type { Route } from '../../egress/route.ts';
import { onTrip } from '../../egress/trip.ts';
import { type Action, actionOf, type Definition } from './definitions/definition.ts';
import type { Subscription } from './definitions/subscription.ts';
import { core } from './library.cjs';
import { ended, saidOf } from './outcomes.ts';
import type { Surroundings } from './surroundings.ts';

/** A tool that is ready to be called, and where its requests may go. */
export interface ReadyTool {
  readonly definition: Definition;
  /** All settings, secret ones and tokens included. */
  readonly settings: JSONObject;
  readonly route: Route;
  readonly around: () => Surroundings;
}

/** Sends calls by one subscription and returns the outcome of each; in batches if the action takes them. */
export async function send(tool: ReadyTool, subscription: Subscription, calls: readonly Call[]): Promise<Outcome[]> {
  const action = actionOf(tool.definition, subscription.action);
  if (action === undefined) return calls.map(() => ({ kind: 'refused', reason: 'NoSuchAction', requests: 0 }));
  const outcomes = new Map<Call, Outcome>();
  // One after the other: if tokens have expired, the first call refreshes them for all.
  for (const batch of batchesOf(action, subscription, calls)) {
    const [only] = batch;
    const told =
      batch.length === 1 && only ? [await tellOne(tool, subscription, only)] : await tellAll(tool, subscription, batch);
    for (const [n, call] of batch.entries()) outcomes.set(call, told[n] ?? saidOf(undefined, 0));
  }
  return calls.map((call) => outcomes.get(call) ?? saidOf(undefined, 0));
}

/** The maximum of calls in a batch of an action that does not say its own. */
const mostCalls = 1_000;

/** Splits calls into those that may go together: some actions take only calls with equal values of some fields. */
function batchesOf(
  { performBatch, fields }: Action,
  { mapping }: Subscription,
  calls: readonly Call[],
): readonly Call[][] {
  if (performBatch === undefined || mapping.enable_batching === false) return calls.map((call) => [call]);
  const keys = [mapping.batch_keys ?? fields.batch_keys?.default ?? []].flat().map(String);
  const size = Math.max(1, Number(mapping.batch_size ?? fields.batch_size?.default ?? mostCalls) || mostCalls);
  const groups = Map.groupBy(calls, (call) => {
    const payload = core.transform(mapping, { ...call });
    return JSON.stringify(keys.map((key) => payload[key] ?? null));
  });
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / size) }, (_, n) => group.slice(n * size, (n + 1) * size)),
  );
}

const tellOne = (tool: ReadyTool, subscription: Subscription, call: Call): Promise<Outcome> =>
  attempt(tool, subscription, async (library, settings, requests) => {
    await library.onEvent(eventOf(call), settings, tool.around());
    return [ended(requests())];
  }).then(([outcome]) => outcome ?? saidOf(undefined, 0));

/** Tells a batch. If the tool refuses it as a whole, halves are told until the item that it refuses is alone. */
async function tellAll(tool: ReadyTool, subscription: Subscription, calls: readonly Call[]): Promise<Outcome[]> {
  const outcomes = await attempt(tool, subscription, async (library, settings, requests) => {
    const results = await library.onBatch(calls.map(eventOf), settings, tool.around());
    const nodes = results.flatMap(({ multistatus = [] }) => multistatus);
    return calls.map((_, n) => saidOf(nodes[n], requests()));
  });
  if (outcomes.length === calls.length) return outcomes;
  const [whole = saidOf(undefined, 0)] = outcomes;
  if (whole.kind !== 'refused' || calls.length === 1) return calls.map(() => whole);
  const middle = Math.ceil(calls.length / 2);
  return [
    ...(await tellAll(tool, subscription, calls.slice(0, middle))),
    ...(await tellAll(tool, subscription, calls.slice(middle))),
  ];
}

type Library = InstanceType<typeof core.Destination<Record<string, unknown>>>;

/** Runs the code of a tool. What it throws is the one outcome of all calls. */
const attempt = (
  { definition, settings, route }: ReadyTool,
  { action, when, mapping }: Subscription,
  act: (library: Library, settings: JSONObject, requests: () => number) => Promise<Outcome[]>,
): Promise<Outcome[]> =>
  onTrip(route, async (trip) => {
    try {
      // A new one each time, because it keeps all answers.
      const library = new core.Destination<Record<string, unknown>>(definition);
      const subscriptions = [{ partnerAction: action, subscribe: when, mapping }];
      return await act(library, { ...settings, subscriptions }, () => trip.requests);
    } catch (error) {
      return [outcomeOf(error, trip.requests)];
    }
  });

/** A copy, because tools change what they are given. */
const eventOf = (call: Call): SegmentEvent => structuredClone(call) as SegmentEvent;
