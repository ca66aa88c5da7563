import type { RestingState } from '../../adapters/dynamodb/resting-queues.ts';
import type { Polls } from '../../adapters/queues/polls.ts';
import { closedBreaker } from '../../core/destinations/breaker.ts';
import { isPolled, type PollStep, pollStep } from '../../core/destinations/polls.ts';

/** What switching polls works with. */
export interface RestDeps {
  /** Ids of all destinations. */
  readonly destinations: readonly string[];
  readonly read: (destinations: readonly string[]) => Promise<RestingState>;
  /** Writes who rests since when, unless somebody has written it meanwhile. */
  readonly write: (resting: ReadonlyMap<string, number>, version: number) => Promise<boolean>;
  /** Finds Lambda's polls of a destination's queue. */
  readonly polls: (destination: string) => Promise<Polls>;
  readonly now: () => number;
}

/**
 * Stops polling the queues of destinations whose breakers have long pauses, and has them polled again before the pause
 * ends. What is to be stopped is recorded first: a function that ends in between leaves a record too many, and none too
 * few. A destination that cannot be seen to keeps no other waiting.
 */
export async function restQueues(deps: RestDeps): Promise<void> {
  const { destinations, write, now } = deps;
  if (destinations.length === 0) return;
  const state = await deps.read(destinations);
  const faults: unknown[] = [];
  const steps = await stepsOf(state, faults, deps);
  const inStep = (wanted: PollStep): Step[] => steps.filter(({ step }) => step === wanted);
  const stopping = inStep('stop');
  const starting = inStep('start');
  const gone = new Set([
    ...inStep('forget').map(({ id }) => id),
    ...[...state.resting.keys()].filter((id) => !destinations.includes(id)),
  ]);
  const kept = [...state.resting].filter(([id]) => !gone.has(id));
  const next = new Map([...kept, ...stopping.map(({ id }) => [id, now()] as const)]);
  const isRecorded = gone.size + stopping.length === 0 || (await write(next, state.version));
  const keep = (error: unknown): void => void faults.push(error);
  for (const { polls } of isRecorded ? stopping : []) await polls.turn(false).catch(keep);
  for (const { polls } of starting) await polls.turn(true).catch(keep);
  if (faults.length > 0) throw faults[0];
}

interface Step {
  readonly id: string;
  readonly step: PollStep;
  readonly polls: Polls;
}

/** Looks at the polls of those alone that rest, or are to rest. */
async function stepsOf(
  { breakers, resting }: RestingState,
  faults: unknown[],
  { destinations, polls: find, now }: RestDeps,
): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for (const id of destinations) {
    const breaker = breakers.get(id) ?? closedBreaker;
    const restingSince = resting.get(id);
    if (restingSince === undefined && isPolled(breaker, now())) continue;
    const polls = await find(id).catch((error: unknown) => void faults.push(error));
    if (polls === undefined || polls.state === 'switching') continue;
    steps.push({ id, step: pollStep({ restingSince, isOn: polls.state === 'on' }, breaker, now()), polls });
  }
  return steps;
}
