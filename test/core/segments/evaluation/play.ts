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

interface World {
  readonly profiles: readonly Played[];
  /** The last merge, until something happens to what it made. */
  readonly merge?:
    | { readonly a: Played; readonly b: Played; readonly lost: States; readonly whole: Played }
    | undefined;
}

const take = (program: Program, { states, events }: Played, event: Happened): Played => {
  const seen = { type: 'track', event: event.name, properties: event.properties };
  return { states: takeEvent(program, states, seen, event.at, event.mark).states, events: [...events, event] };
};

/** Kinds that count a message twice when two profiles took it in. */
const countsTwice = (program: Program): boolean =>
  [...program.aggregates.values()].some(({ shape }) => shape.kind === 'total' || shape.kind === 'frequency');

function happens(program: Program, world: World, step: Step, event: Happened | undefined, again: boolean): World {
  const { profiles, merge } = world;
  const at = step.a % profiles.length;
  const one = profiles[at] as Played;
  if (step.do === 'take' && event !== undefined) {
    const other = again && step.b % 3 === 0 ? (at + 1) % profiles.length : at;
    return {
      profiles: profiles.map((profile, n) => (n === at || n === other ? take(program, profile, event) : profile)),
    };
  }
  if (step.do === 'merge' && profiles.length > 1) {
    const b = profiles[(at + 1 + (step.b % (profiles.length - 1))) % profiles.length] as Played;
    const whole = { states: joinAll(program, one.states, b.states), events: [...one.events, ...b.events] };
    return {
      profiles: [whole, ...profiles.filter((other) => other !== one && other !== b)],
      merge: { a: one, b, lost: lostByAll(program, one.states, b.states), whole },
    };
  }
  if (step.do === 'part' && merge !== undefined) {
    const parted = { ...merge.a, states: partAll(program, merge.whole.states, merge.b.states, merge.lost) };
    return { profiles: [parted, merge.b, ...profiles.filter((other) => other !== merge.whole)] };
  }
  return world;
}

/** What becomes of four profiles when a history happens to them so; a message comes twice to a profile only where it is not known there. */
export function play(program: Program, history: readonly Happened[], steps: readonly Step[]): readonly Played[] {
  const nobody: Played = { states: new Map(), events: [] };
  const again = !countsTwice(program);
  let world: World = { profiles: [nobody, nobody, nobody, nobody] };
  let next = 0;
  for (const step of [...steps, ...history.map((): Step => ({ do: 'take', a: 0, b: 1 }))]) {
    if (step.do === 'take' && history[next] === undefined) continue;
    world = happens(program, world, step, history[next], again);
    if (step.do === 'take') next += 1;
  }
  return world.profiles;
}
