import { fingerprint } from '../../values/fingerprint.ts';
import { anniversaries } from '../comparisons/anniversary.ts';
import { fulfils } from '../comparisons/fulfils.ts';
import { fieldAt } from '../comparisons/path.ts';
import { instantOf, itemsOf } from '../comparisons/reading.ts';
import type { Count } from '../language/rule.ts';
import { millisecondsIn } from '../language/window.ts';
import type { Leaf } from '../program/node.ts';
import { computedValue } from './compute-value.ts';
import { entriesOf, keptOf, numberIn, pairIn, sumsIn } from './in-window.ts';
import { always, type Course, type Scene, zoneFor } from './known.ts';
import { edgesOf, isThere, type Stay, stayIn } from './stay.ts';

/** Whether a leaf is true, from the scene's time on. */
export function courseOf(leaf: Leaf, scene: Scene): Course<boolean> {
  const { known, zone } = scene;
  switch (leaf.kind) {
    case 'trait':
      return always(fulfils(leaf.comparison, fieldAt(known.traitOf, leaf.name), zone));
    case 'date':
    case 'during':
      return ofStays(staysOfDates(leaf, scene));
    case 'count':
      return ofCount(leaf, scene);
    case 'sequence':
      return pairIn(keptOf(scene, leaf.aggregate), leaf.span, zone);
    case 'absence':
      return ofStays(staysOfAbsence(leaf, scene));
    case 'computed': {
      const days = leaf.zone === undefined ? zone : zoneFor(leaf.zone, known);
      const value = computedValue(leaf.computing, { ...scene, zone: days });
      return { at: (now) => fulfils(leaf.comparison, value.at(now), zone), edges: value.edges };
    }
    case 'consent':
      return always(known.consentOf(leaf.category) === { granted: true, denied: false, unknown: undefined }[leaf.is]);
    case 'identifier':
      return always(known.hasIdentifier(leaf.type) === leaf.exists);
    case 'knownFor':
      return ofStays([since(known.since + leaf.duration)]);
    case 'member':
      return always(known.memberOf?.(leaf.key) === true);
    case 'sample':
      return always(placeOf(known.profileId, leaf.salt) < leaf.percent / 100);
  }
}

const since = (enters: number): Stay => ({ enters, leaves: Number.POSITIVE_INFINITY });

const ofStays = (stays: readonly Stay[]): Course<boolean> => ({
  at: (now) => stays.some((stay) => isThere(stay, now)),
  edges: () => edgesOf(stays),
});

function isCount({ operator, value }: Count, n: number): boolean {
  if (operator === 'atLeast') return n >= value;
  return operator === 'atMost' ? n <= value : n === value;
}

function ofCount({ aggregate, span, count }: Extract<Leaf, { kind: 'count' }>, scene: Scene): Course<boolean> {
  const kept = keptOf(scene, aggregate);
  if (kept.shape.kind === 'total' || kept.shape.kind === 'series') {
    const sums = sumsIn(kept, span, scene.zone);
    return { at: (now) => isCount(count, sums.at(now).n), edges: sums.edges };
  }
  const number = numberIn(kept, span, scene.zone);
  return { at: (now) => isCount(count, number.at(now)), edges: number.edges };
}

/** The second at the same time as the first may have come after it, so nothing is claimed. */
function staysOfAbsence({ first, second, apart }: Extract<Leaf, { kind: 'absence' }>, scene: Scene): Stay[] {
  const a = entriesOf(keptOf(scene, first))[0]?.at;
  const b = entriesOf(keptOf(scene, second))[0]?.at;
  return a === undefined || (b !== undefined && b >= a) ? [] : [since(a + apart)];
}

/** When each date of a trait makes the leaf true. */
function staysOfDates(leaf: Extract<Leaf, { kind: 'date' | 'during' }>, { known, from: now, zone }: Scene): Stay[] {
  const items = itemsOf(fieldAt(known.traitOf, leaf.name));
  const instants = (): number[] => items.flatMap((item) => instantOf(item, zone) ?? []);
  if (leaf.kind === 'during') return instants().map((at) => stayIn(leaf.span, at, zone));
  const { comparison } = leaf;
  if (comparison.operator === 'inNext')
    return instants().map((at) => ({ enters: at - millisecondsIn(comparison.value), leaves: at }));
  return items.flatMap((item) =>
    anniversaries(item, comparison, now, zone).map(({ from, to }) => ({ enters: from, leaves: to })),
  );
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A place between 0 and 1 that a profile and a salt give. */
export const placeOf = (profileId: string, salt: string): number =>
  [...fingerprint(salt, profileId).slice(0, 5)].reduce((place, digit) => place * 64 + digits.indexOf(digit), 0) /
  64 ** 5;
