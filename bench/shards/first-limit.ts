import type { Played } from './scenario.ts';

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** What limited a scenario first, or what was nearest to that. */
export function firstLimit({ sentAgain, throttled, batchesAgain, behindAtEnd, use }: Played): string {
  if (sentAgain.others > 0) return 'what a shard takes';
  if (sentAgain.busiest > 0) return 'what a shard takes, for one sender';
  if (throttled > 0.5) return `a partition of the table: ${percent(throttled)} of stitch’s time waits for it`;
  if (batchesAgain > 0) return `writes to one account: ${batchesAgain.toLocaleString('en-US')} batches came again`;
  if (use.lanes >= full || behindAtEnd > longest) return 'batches of stitch';
  const [name, share] = Object.entries(use).reduce((most, one) => (one[1] > most[1] ? one : most));
  return `nothing; next ${nameOf[name as keyof typeof use]}: ${percent(share)}`;
}

/** The first batch gathers before there is something to do. */
const full = 0.95;
/** Seconds that records gather, and a batch takes. */
const longest = 60;

const nameOf = {
  in: 'what a shard takes',
  out: 'what a shard gives',
  lanes: 'batches of stitch',
  table: 'a partition of the table',
} as const;
