import { releasedIn } from '../../identifiers/former-name.ts';
import type { Identifier } from '../../identifiers/identifier.ts';
import type { Barrier } from '../../privacy/barrier.ts';
import { judge, judgeCorrection, type Verdict } from '../../privacy/verdict.ts';
import { identifierOf, ownerName } from '../../profile/owner-name.ts';
import type { Collection } from '../../profile/profile.ts';
import type { Sighting } from '../batch/sighting.ts';
import type { Barriers } from '../batch/snapshot.ts';

/** Sightings that may be placed, and those that barriers stop. */
interface Passage {
  readonly passed: readonly Sighting[];
  readonly suppressed: readonly Sighting[];
}

/** Lets sightings pass the barriers of their identifiers; a sighting that keeps only some of them has only these. */
export function passBarriers(sightings: readonly Sighting[], barriers: Barriers | undefined): Passage {
  if (barriers === undefined || barriers.size === 0) return { passed: sightings, suppressed: [] };
  const passed: Sighting[] = [];
  const suppressed: Sighting[] = [];
  for (const sighting of sightings) {
    const verdict = verdictOf(sighting, barriers);
    if (verdict.dropped !== undefined) suppressed.push(sighting);
    else passed.push(verdict.kept === sighting.identifiers ? sighting : withOnly(verdict.kept, sighting));
  }
  return { passed, suppressed };
}

const withOnly = (kept: readonly Identifier[], sighting: Sighting): Sighting => ({
  ...sighting,
  identifiers: kept,
  ...(kept.at(-1) !== sighting.identifiers.at(-1) && { isCut: true }),
});

function verdictOf({ event, collection, identifiers, correction, by }: Sighting, barriers: Barriers): Verdict {
  const barrierOf = (owner: Collection) => (id: Identifier) => barriers.get(ownerName(owner, id));
  if (correction !== undefined) return judgeCorrection(identifiers, event.timestamp, barrierOf(collection));
  const person = judge(by ?? identifiers, event.timestamp, barrierOf('users'));
  return by === undefined || person.dropped !== undefined ? person : { kept: identifiers };
}

/**
 * The barriers of identifiers that a write gives or takes, whose items keep them; and of those whose former names these
 * are, which must not be released once more meanwhile.
 */
export function barriersOf(
  barriers: Barriers | undefined,
  collection: Collection,
  ids: Iterable<Identifier>,
): ReadonlyMap<Identifier, Barrier> | undefined {
  if (barriers === undefined || barriers.size === 0) return undefined;
  const names = [...ids].flatMap((id) => [id, releasedIn(id)?.identifier ?? id]).map((id) => ownerName(collection, id));
  return new Map(
    names.flatMap((name) => {
      const barrier = barriers.get(name);
      return barrier === undefined ? [] : [[identifierOf(name), barrier]];
    }),
  );
}
