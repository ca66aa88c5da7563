/** When the stream has room for the next rows of imports, in milliseconds since 1970. */
export interface ImportPace {
  readonly nextAt: number;
}

/** What a record costs at least, in bytes: a shard takes 1,000 records or 1 MB a second. */
const leastPerRecord = 1_000;

/** What records take of the stream, in bytes. */
export const costOf = (sizes: readonly number[]): number =>
  sizes.reduce((sum, size) => sum + Math.max(size, leastPerRecord), 0);

/** Milliseconds to wait before records may be sent, and the pace after them. Whoever comes next waits for them, too. */
export function takeRoom(
  pace: ImportPace | undefined,
  { cost, perSecond, now }: { readonly cost: number; readonly perSecond: number; readonly now: number },
): { readonly wait: number; readonly pace: ImportPace } {
  const start = Math.max(pace?.nextAt ?? 0, now);
  return { wait: start - now, pace: { nextAt: start + Math.ceil((cost / perSecond) * 1_000) } };
}
