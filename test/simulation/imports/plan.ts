import { type Chance, seededChance } from '../running/chance.ts';
import { type FaultRates, noFaults } from '../running/worker.ts';
import {
  type Change,
  minuteOf,
  type Piece,
  pieceBytes,
  pieceKeyOn,
  piecesOf,
  releasesIn,
  someChanges,
  type WayToDelete,
  waysToDelete,
} from './contacts.ts';
import { type Content, contentOf, someContents, written } from './files.ts';

/** Everything that decides a history of imports. */
export interface ImportPlan {
  /** Decides whose turn it is and which fault strikes. */
  readonly seed: number;
  readonly contents: readonly Content[];
  /** Changes of records, which the job `records` found. */
  readonly pieces: readonly Piece[];
  readonly deletes: WayToDelete;
  readonly workers: number;
  readonly rates: FaultRates;
  /** Chance that a call takes longer than a lease, and that an invocation has no time left. */
  readonly slow: number;
}

/** Makes the history of a seed: a few files and changes of contacts, and anything from no faults to many. */
export function importPlanOf(seed: number): ImportPlan {
  const chance = seededChance(seed);
  const changes = chance.happens(0.7) ? someChanges(chance) : [];
  const contents = someContents(releasesIn(changes), chance);
  return {
    seed,
    contents,
    pieces: piecesOf(changes, chance),
    workers: 1 + chance.below(3),
    ...someTroubles(chance),
    deletes: chance.pick(waysToDelete),
  };
}

const someTroubles = (chance: Chance): Pick<ImportPlan, 'rates' | 'slow'> =>
  chance.happens(0.15)
    ? { rates: noFaults, slow: 0 }
    : {
        rates: {
          crash: chance.pick([0, 0.01, 0.05]),
          throttled: chance.pick([0, 0.05, 0.2]),
          writesThrottled: chance.pick([0, 0.05, 0.2]),
          noAnswer: chance.pick([0, 0.03, 0.1]),
          partial: chance.pick([0, 0.1, 0.3]),
          delivery: chance.pick([0, 0.1, 0.3]),
        },
        slow: chance.pick([0, 0.01, 0.05]),
      };

/** Ids that are released while the first call that names each is read, and of whom a later release is known. */
export function releasedMeanwhile(seed: number): ImportPlan {
  const ids = ['1', '2', '3', '4', '5', '6', '7', '8'];
  const piece = (day: number, at: number): Piece => ({
    key: pieceKeyOn(day, { load: 0, number: 0 }),
    changes: ids.map((id): Change => ({ id, kind: 'deleted', changed: {}, at: minuteOf(at), day })),
    day,
    written: 1,
  });
  const rows = ids.map((contact) => {
    const columns = { id: `r${contact}`, at: minuteOf(1), user: `user-${contact}`, email: null, city: null, contact };
    return written(columns, true);
  });
  const calls = contentOf('calls', rows, { day: 1, isRefused: false, names: ['imports/files/crm/calls/0.csv'] });
  const pieces = [piece(0, 4), piece(1, 2)];
  return { seed, contents: [calls], pieces, deletes: 'unlink', workers: 2, rates: noFaults, slow: 0 };
}

/** Days of a history. What a release divides comes on later days than the release. */
export const daysOf = ({ contents, pieces }: ImportPlan): number[] =>
  [...new Set([...contents, ...pieces].map(({ day }) => day))].sort((a, b) => a - b);

/** What comes into the bucket on a day. */
export const objectsOf = ({ contents, pieces }: ImportPlan, today: number): { name: string; body: Buffer }[] => [
  ...contents
    .filter(({ day }) => day === today)
    .flatMap(({ names, text }) => names.map((name) => ({ name, body: Buffer.from(text) }))),
  ...pieces
    .filter(({ day }) => day === today)
    .flatMap((piece) => Array.from({ length: piece.written }, () => ({ name: piece.key, body: pieceBytes(piece) }))),
];
