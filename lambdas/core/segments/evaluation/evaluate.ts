import type { Program } from '../program/compile.ts';
import type { Node } from '../program/node.ts';
import { computedValue } from './compute-value.ts';
import { always, type Course, type Known, type Scene, zoneFor } from './known.ts';
import { courseOf } from './leaf.ts';
import { accountsOf, firstFlip, firstOf, type Outlook, ruleOf } from './timeline.ts';

/** What rules are asked about: no answer is about a time before the latest event that is known. */
export const sceneOf = (program: Program, known: Known, now: number): Scene => ({
  program,
  known,
  from: Math.max(now, known.clock),
  zone: 'UTC',
});

/** Whether a profile is in a segment at `now`, or at the time of its latest event if that is later. */
export const holds = (program: Program, segment: string, known: Known, now: number): boolean =>
  isTrue({ kind: 'segment', key: segment }, sceneOf(program, known, now));

/**
 * The earliest instant after `now` at which `holds` gives another answer though no event comes; undefined where there
 * is none.
 */
export const flipsAt = (program: Program, segment: string, known: Known, now: number): number | undefined =>
  firstFlip({ kind: 'segment', key: segment }, sceneOf(program, known, now)).flipsAt;

/** Both of it; a segment that never flips without an event is not looked ahead for. */
export function outlook(program: Program, segment: string, known: Known, now: number): Outlook {
  if (!program.timed.has(segment)) return { isIn: holds(program, segment, known, now), flipsAt: undefined };
  return firstFlip({ kind: 'segment', key: segment }, sceneOf(program, known, now));
}

/** The same as a timeline begins with, without looking ahead. */
function isTrue(node: Node, scene: Scene): boolean {
  switch (node.kind) {
    case 'all':
      return node.parts.every((part) => isTrue(part, scene));
    case 'any':
      return node.parts.some((part) => isTrue(part, scene));
    case 'not':
      return !isTrue(node.part, scene);
    case 'account':
      return accountsOf(scene).some((account) => isTrue(node.part, account));
    case 'segment':
      return isTrue(...ruleOf(node.key, scene));
    default:
      return courseOf(node, scene).at(scene.from);
  }
}

/** What a computed trait is at `now`; undefined where there is nothing to say. */
export const traitValue = (program: Program, trait: string, known: Known, now: number): unknown =>
  traitCourse(program, trait, sceneOf(program, known, now)).at(Math.max(now, known.clock));

/** The earliest instant after `now` at which a computed trait is another though no event comes. */
export function traitChangesAt(program: Program, trait: string, known: Known, now: number): number | undefined {
  const scene = sceneOf(program, known, now);
  const { at, edges } = traitCourse(program, trait, scene);
  const textAt = (time: number): string => JSON.stringify(at(time)) ?? '';
  const first = textAt(scene.from);
  return firstOf(edges(), scene.from, (time) => textAt(time) !== first);
}

function traitCourse(program: Program, trait: string, scene: Scene): Course<unknown> {
  const computed = program.traits.get(trait);
  if (computed === undefined) throw new Error(`no computed trait has the key ${trait}`);
  if (computed.allowed !== undefined && !isTrue(computed.allowed, scene)) return always(undefined);
  return computedValue(computed.rule, { ...scene, zone: zoneFor(computed.zone, scene.known) });
}
