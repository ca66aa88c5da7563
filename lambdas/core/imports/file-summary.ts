import * as z from 'zod';
import { importPrefix } from '../contract/storage.ts';

const Place = z.object({ line: z.int().optional(), byte: z.int().optional(), row: z.int().optional() });

/** What became of a file, beside which it lies. */
export const FileSummary = z.object({
  source: z.string(),
  object: z.string().optional(),
  file: z.string(),
  /** `staged` when its rows wait to be sent, `known` when its bytes came before, `large` when a job splits it. */
  state: z.enum(['staged', 'known', 'refused', 'large']),
  reason: z.string().optional(),
  /** Id of the load that its rows are in. */
  load: z.string().optional(),
  /** Whether its rows are records, which a job compares with their last versions. */
  records: z.boolean().optional(),
  version: z.string().optional(),
  bytes: z.int().optional(),
  rows: z.int().optional(),
  good: z.int().optional(),
  bad: z.int().optional(),
  pieces: z.int().optional(),
  /** Why rows are bad, how many, and where the first ones are. */
  faults: z
    .array(z.object({ reason: z.string(), rows: z.int(), first: z.array(Place).readonly() }))
    .readonly()
    .optional(),
});
export type FileSummary = z.infer<typeof FileSummary>;

/** Key of the summary of a file. */
export const summaryKey = (fileKey: string): string =>
  `${importPrefix.summaries}${fileKey.slice(importPrefix.files.length)}.json`;
