import { type Aggregates, joinAggregates } from '../../../../lambdas/core/segments/aggregates/aggregate.ts';
import { takeEvent } from '../../../../lambdas/core/segments/evaluation/take-event.ts';
import type { Program } from '../../../../lambdas/core/segments/program/compile.ts';
import type { Step } from './any-life.ts';
import type { Happened } from './oracle.ts';

/** A profile: what it keeps, and beside it for the oracle the list of its events. */
export interface Played {
  readonly aggregates: Aggregates;
  readonly events: readonly Happened[];
}

const take = (program: Program, { aggregates, events }: Played, event: Happened): Played => {
  const seen = { type: 'track', event: event.name, properties: event.properties };
  return { aggregates: takeEvent(program, new Map(aggregates), { ...event, event: seen }), events: [...events, event] };
};

/** Kinds that count a message twice when two profiles took it in. */
const countsTwice = (program: Program): boolean =>
  [...program.aggregates.values()].some(({ shape }) => shape.kind === 'total' || shape.kind === 'frequency');

function happens(
  program: Program,
  profiles: readonly Played[],
  step: Step,
  event: Happened | undefined,
  again: boolean,
): readonly Played[] {
  const at = step.a % profiles.length;
  const next = (at + 1 + (step.b % Math.max(1, profiles.length - 1))) % profiles.length;
  const [one, other] = [profiles[at] as Played, profiles[next] as Played];
  if (step.do === 'take' && event !== undefined) {
    const takes = (n: number): boolean => n === at || (again && step.b % 2 === 0 && n === next);
    return profiles.map((profile, n) => (takes(n) ? take(program, profile, event) : profile));
  }
  if (step.do === 'take' || one === other) return profiles;
  const whole = {
    aggregates: joinAggregates(one.aggregates, other.aggregates),
    events: [...one.events, ...other.events],
  };
  return [whole, ...profiles.filter((_profile, n) => n !== at && n !== next)];
}

/** What becomes of four profiles when a history happens to them so. */
export function play(program: Program, history: readonly Happened[], steps: readonly Step[]): readonly Played[] {
  const nobody: Played = { aggregates: new Map(), events: [] };
  const again = !countsTwice(program);
  let profiles: readonly Played[] = [nobody, nobody, nobody, nobody];
  let next = 0;
  for (const step of [...steps, ...history.map((): Step => ({ do: 'take', a: 0, b: 1 }))]) {
    if (step.do === 'take' && history[next] === undefined) continue;
    profiles = happens(program, profiles, step, history[next], again);
    if (step.do === 'take') next += 1;
  }
  return profiles.toSorted((a, b) => b.events.length - a.events.length);
}
