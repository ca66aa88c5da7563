/** What waits in one place to be sent again. */
export interface Waiting {
  /** What an operator calls it. */
  readonly what: string;
  readonly count: number;
  /** When the oldest that was looked at came there, milliseconds since 1970. */
  readonly since?: number | undefined;
  /** Why, with how many of those that were looked at. */
  readonly reasons: readonly (readonly [reason: string, count: number])[];
}

/** What became of a place: how many were sent, and those that stay there, each with its reason. */
export interface Redriven {
  readonly what: string;
  readonly sent: number;
  readonly left: readonly { readonly name: string; readonly why: string }[];
}

/** How a redrive tells how far it is, and hears that it is to stop. */
export interface Going {
  readonly tell: (sent: number) => void;
  readonly isStopped: () => boolean;
}

/** Where something waits. What is sent is removed only after whoever gets it has said that it has it, so that a redrive that dies sends at most what it was about twice. */
export interface RedrivePlace {
  readonly look: () => Promise<Waiting>;
  readonly send: (going: Going) => Promise<Redriven>;
}

/** Counts reasons, most first. */
export const countReasons = (reasons: readonly string[]): Waiting['reasons'] =>
  [...Map.groupBy(reasons, (reason) => reason)]
    .map(([reason, all]) => [reason, all.length] as const)
    .sort((a, b) => b[1] - a[1]);
