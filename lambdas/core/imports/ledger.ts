/** What became of the rows that were read. Each row is either sent, in quarantine, or told nobody. */
export interface RowCounts {
  readonly rows: number;
  readonly sent: number;
  readonly quarantined: number;
  /** Rows that no mapping takes. */
  readonly untold: number;
  /** Events that the sent rows became. */
  readonly events: number;
}

/** No rows. */
export const noRows: RowCounts = { rows: 0, sent: 0, quarantined: 0, untold: 0, events: 0 };

/** The rows of both. */
export const sumOfRows = (a: RowCounts, b: RowCounts): RowCounts => ({
  rows: a.rows + b.rows,
  sent: a.sent + b.sent,
  quarantined: a.quarantined + b.quarantined,
  untold: a.untold + b.untold,
  events: a.events + b.events,
});

/** Under which name the bytes of a file were first taken up, and since when their load counts. */
interface Origin {
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** What the ledger knows of a piece or of a file. Its version is the lease: whoever holds it may write the next one. */
export interface Entry {
  readonly state: 'open' | 'done';
  /** When it was begun, in milliseconds since 1970. Its events are received then, however often it is tried. */
  readonly begunAt: number;
  /** Version of the object that is read. */
  readonly versionId?: string | undefined;
  /** Of the bytes of a file: whoever stages them under another name makes the same pieces. */
  readonly origin?: Origin | undefined;
  /** How many of its lines are sent or in quarantine. */
  readonly position: number;
  readonly counts: RowCounts;
  /** Until when somebody works on it, in milliseconds since 1970. */
  readonly leaseUntil: number;
  readonly version: number;
}

/** Milliseconds for which whoever works on something has it for itself, unless it says that it goes on. */
export const leaseMilliseconds = 120_000;

/** What may be done about something: it is yours with this entry, somebody else works on it, or it is done. */
export type Claim =
  | { readonly kind: 'mine'; readonly entry: Entry }
  | { readonly kind: 'busy'; readonly until: number }
  | { readonly kind: 'done' };

/** What whoever is the first to work on something says of it. */
export type Beginning = Pick<Entry, 'versionId' | 'origin'>;

/** Decides who works on something, by what is known of it. A lease that ran out is somebody's who died. */
export function claimOf(known: Entry | undefined, now: number, beginning: Beginning): Claim {
  if (known?.state === 'done') return { kind: 'done' };
  if (known !== undefined && known.leaseUntil > now) return { kind: 'busy', until: known.leaseUntil };
  const begun = known ?? { state: 'open', begunAt: now, ...beginning, position: 0, counts: noRows, version: 0 };
  return { kind: 'mine', entry: { ...begun, leaseUntil: now + leaseMilliseconds, version: begun.version + 1 } };
}

/** The entry after some lines more, whose lease begins again. */
export const advanced = (entry: Entry, lines: number, counts: RowCounts, now: number): Entry => ({
  ...entry,
  position: entry.position + lines,
  counts: sumOfRows(entry.counts, counts),
  leaseUntil: now + leaseMilliseconds,
  version: entry.version + 1,
});

/** The entry of what somebody leaves for whoever comes next. */
export const released = (entry: Entry, now: number): Entry => ({
  ...entry,
  leaseUntil: now,
  version: entry.version + 1,
});

/** The entry of what is done, which nobody does again. */
export const finished = (entry: Entry): Entry => ({ ...entry, state: 'done', version: entry.version + 1 });
