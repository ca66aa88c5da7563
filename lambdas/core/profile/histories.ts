/**
 * Which histories of its aggregates a profile has. Aggregates that a deployment adds together are one generation; 0 is
 * that of aggregates that have counted since the first event.
 */
export interface Histories {
  /** It had no event before the aggregates of generations up to this began to count. */
  readonly born: number;
  /** It has the history of all aggregates of generations up to this. */
  readonly based: number;
  /** Generations that it counts in. What it keeps under the id of a later one is of an earlier life. */
  readonly counts: number;
  readonly filling?: Filling | undefined;
  /** It has the history of some of its profiles, but nobody knows which: nothing more can be added. */
  readonly mixed?: true | undefined;
  /** The run of histories in which an operator unmerged it: that run may have a history that it lacks. */
  readonly awaits?: string | undefined;
}

/** Histories that are being brought to a profile: of aggregates of generations after `from` up to `of`. */
export interface Filling {
  readonly from: number;
  readonly of: number;
  /** Ids of profiles, this one or merged ones, whose history is in. */
  readonly ids: ReadonlySet<string>;
  /** The run that brought them; undefined where several runs did, or where that was not kept. */
  readonly run?: string | undefined;
  /** An event came late to a profile that is newer than its aggregates: such profiles may have a history, too. */
  readonly late: boolean;
}

/** The histories of a profile of a deployment that never added an aggregate. */
export const everyHistory: Histories = { born: 0, based: 0, counts: 0 };

/** The histories of a profile of whom nothing was ever stored about them. */
export const historiesOf = ({ histories }: { readonly histories?: Histories | undefined }): Histories =>
  histories ?? everyHistory;

/** What two profiles have together. Both count the same generations, or one may keep something of an earlier life. */
export function joinHistories(a: Histories | undefined, b: Histories | undefined): Histories | undefined {
  if (a === b) return a;
  const one = a ?? everyHistory;
  const other = b ?? everyHistory;
  const awaits = one.awaits ?? other.awaits;
  return {
    born: Math.min(one.born, other.born),
    based: Math.min(one.based, other.based),
    counts: Math.min(one.counts, other.counts),
    ...((one.mixed === true || other.mixed === true) && { mixed: true }),
    ...joinFillings(one, other),
    ...(awaits !== undefined && { awaits }),
  };
}

/** Up to which generation all that is to come is in. */
export const settledIn = ({ based, filling }: Histories): number => filling?.from ?? based;

const none: Filling = { from: 0, of: 0, ids: new Set(), late: false };

/** A profile that had no event before some aggregates began has no history of them that could be in. */
function joinFillings(a: Histories, b: Histories): Pick<Histories, 'filling' | 'mixed'> {
  const isFirstLower = settledIn(a) <= settledIn(b);
  const low = isFirstLower ? a : b;
  const high = isFirstLower ? b : a;
  const one = low.filling ?? none;
  const other = high.filling ?? none;
  const isBornLater = high.born >= settledIn(high) && other.ids.size === 0;
  if (settledIn(low) !== settledIn(high) && !isBornLater) return { mixed: true };
  const of = Math.max(one.of, other.of);
  if (of === 0) return {};
  if ([one, other].some((each) => each.of !== of && each.ids.size > 0)) return { mixed: true };
  const ids = new Set([...one.ids, ...other.ids]);
  const runs = new Set([one, other].filter((each) => each.ids.size > 0).map(({ run }) => run));
  const [run] = runs.size === 1 ? runs : [];
  return {
    filling: { from: settledIn(low), of, ids, late: one.late || other.late, ...(run !== undefined && { run }) },
  };
}
