import type { Node } from '../program/node.ts';
import { type Scene, zoneFor } from './known.ts';
import { courseOf } from './leaf.ts';

/** Whether something is true at the scene's time, and when it changes after that though no event comes. */
export interface Timeline {
  readonly first: boolean;
  /** In order; at each it becomes what it was not. */
  readonly flips: readonly number[];
}

/**
 * Instants after `from`, each once and in order. They are few and mostly come newest first; the engine's sort would
 * need more than a kilobyte for it.
 */
export function later(times: readonly number[], from: number): number[] {
  const newestFirst: number[] = [];
  for (const at of times) {
    if (!(at > from && at < Number.POSITIVE_INFINITY)) continue;
    let n = newestFirst.length;
    while (n > 0 && (newestFirst[n - 1] as number) < at) n -= 1;
    if (newestFirst[n - 1] === at) continue;
    if (n === newestFirst.length) newestFirst.push(at);
    else newestFirst.splice(n, 0, at);
  }
  return newestFirst.reverse();
}

/** A rule as it is now, and as it will be without events; anniversaries are looked at for some years. */
export function timelineOf(node: Node, scene: Scene): Timeline {
  switch (node.kind) {
    case 'all':
      return combined(
        node.parts.map((part) => timelineOf(part, scene)),
        (parts) => parts.every(Boolean),
        scene.from,
      );
    case 'any':
      return combined(
        node.parts.map((part) => timelineOf(part, scene)),
        (parts) => parts.some(Boolean),
        scene.from,
      );
    case 'account':
      return combined(
        accountsOf(scene).map((account) => timelineOf(node.part, account)),
        (parts) => parts.some(Boolean),
        scene.from,
      );
    case 'not': {
      const { first, flips } = timelineOf(node.part, scene);
      return { first: !first, flips };
    }
    case 'segment':
      return timelineOf(...ruleOf(node.key, scene));
    default: {
      const { at, edges } = courseOf(node, scene);
      return changing(at(scene.from), later(edges(), scene.from), at);
    }
  }
}

/** Whether a rule is true, and when that changes for the first time though no event comes. */
export interface Outlook {
  readonly isIn: boolean;
  readonly flipsAt: number | undefined;
}

/** The same from the scene's time on; a single condition looks no further than that. */
export function firstFlip(node: Node, scene: Scene): Outlook {
  switch (node.kind) {
    case 'all':
    case 'any':
    case 'account': {
      const { first, flips } = timelineOf(node, scene);
      return { isIn: first, flipsAt: flips[0] };
    }
    case 'not': {
      const { isIn, flipsAt } = firstFlip(node.part, scene);
      return { isIn: !isIn, flipsAt };
    }
    case 'segment':
      return firstFlip(...ruleOf(node.key, scene));
    default: {
      const { at, edges } = courseOf(node, scene);
      const isIn = at(scene.from);
      return { isIn, flipsAt: firstOf(edges(), scene.from, (time) => at(time) !== isIn) };
    }
  }
}

/** The earliest of some instants after `from` that passes a check; they come in any order. */
export function firstOf(times: readonly number[], from: number, isIt: (time: number) => boolean): number | undefined {
  let first = Number.POSITIVE_INFINITY;
  for (const time of times) if (time > from && time < first && isIt(time)) first = time;
  return first === Number.POSITIVE_INFINITY ? undefined : first;
}

/** Of instants those at which the answer changes. */
function changing(first: boolean, times: readonly number[], at: (now: number) => boolean): Timeline {
  let last = first;
  const flips = times.filter((time) => {
    const next = at(time);
    const isFlip = next !== last;
    last = next;
    return isFlip;
  });
  return { first, flips };
}

function combined(parts: readonly Timeline[], whole: (parts: readonly boolean[]) => boolean, from: number): Timeline {
  const now = parts.map(({ first }) => first);
  const of = Map.groupBy(
    parts.flatMap(({ flips }, n) => flips.map((at) => ({ at, n }))),
    ({ at }) => at,
  );
  return changing(whole(now), later([...of.keys()], from), (time) => {
    for (const { n } of of.get(time) ?? []) now[n] = !now[n];
    return whole(now);
  });
}

/** A segment's own rule, in its own zone. */
export function ruleOf(key: string, scene: Scene): [Node, Scene] {
  const segment = scene.program.segments.get(key);
  if (segment === undefined) throw new Error(`no segment has the key ${key}`);
  const zone = zoneFor(segment.zone, scene.known);
  return [segment.rule, zone === scene.zone ? scene : { ...scene, zone }];
}

/** Each account as if it were the profile. */
export const accountsOf = (scene: Scene): Scene[] =>
  scene.known.accounts.map(({ traitOf, memberOf }) => ({ ...scene, known: { ...scene.known, traitOf, memberOf } }));
