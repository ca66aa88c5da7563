import {
  joinAll,
  lostByAll,
  partAll,
  type States,
  takeEvent,
} from '../../../../lambdas/core/segments/evaluation/take-event.ts';
import type { Program } from '../../../../lambdas/core/segments/program/compile.ts';
import type { Step } from './any-life.ts';
import type { Happened } from './oracle.ts';

/** A profile: what it keeps, and beside it for the oracle the list of its events. */
export interface Played {
  readonly states: States;
  readonly events: readonly Happened[];
}

const take = (program: Program, { states, events }: Played, event: Happened): Played => {
  const seen = { type: 'track', event: event.name, properties: event.properties };
  return { states: takeEvent(program, states, seen, event.at, event.mark).states, events: [...events, event] };
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
  const whole = { states: joinAll(program, one.states, other.states), events: [...one.events, ...other.events] };
  if (step.do === 'merge') return [whole, ...profiles.filter((_profile, n) => n !== at && n !== next)];
  const lost = lostByAll(program, one.states, other.states);
  const parted = { ...one, states: partAll(program, whole.states, other.states, lost) };
  return profiles.map((profile, n) => (n === at ? parted : profile));
}

/** What becomes of four profiles when a history happens to them so; `part` merges two and parts them again. */
export function play(program: Program, history: readonly Happened[], steps: readonly Step[]): readonly Played[] {
  const nobody: Played = { states: new Map(), events: [] };
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
