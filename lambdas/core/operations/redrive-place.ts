/** What waits in one place. */
export interface Waiting {
  /** Name that operators use for the place. */
  readonly what: string;
  readonly count: number;
  /** Arrival of the oldest entry that was read, milliseconds since 1970. */
  readonly since?: number | undefined;
  /** Reasons, with the number of entries that were read. */
  readonly reasons: readonly (readonly [reason: string, count: number])[];
}

/** Result of redriving a place: how many entries were sent, and those that stay, each with its reason. */
export interface Redriven {
  readonly what: string;
  readonly sent: number;
  /** Entries that were not asked for; absent if there are none. */
  readonly others?: number;
  readonly left: readonly { readonly name: string; readonly why: string }[];
}

/** One entry of a place, as far as an operator chooses by it. */
export interface Entry {
  readonly reason: string;
  /** All that it holds. */
  readonly text: string;
}

/** Callbacks of a redrive: progress, and whether to stop. */
export interface Going {
  /** Whether an entry is sent; the others stay as they are. By default, all are. */
  readonly isWanted?: (entry: Entry) => boolean;
  /** Counts what would be sent, and sends nothing. */
  readonly isRehearsal?: boolean;
  readonly tell: (sent: number) => void;
  readonly isStopped: () => boolean;
}

/**
 * A place with failed work. An entry is removed only after its receiver confirmed it, so a crashed redrive repeats at
 * most the current entries.
 */
export interface RedrivePlace {
  readonly look: () => Promise<Waiting>;
  readonly send: (going: Going) => Promise<Redriven>;
}

/** Counts reasons, most first. */
export const countReasons = (reasons: readonly string[]): Waiting['reasons'] =>
  [...Map.groupBy(reasons, (reason) => reason)]
    .map(([reason, all]) => [reason, all.length] as const)
    .sort((a, b) => b[1] - a[1]);
