import * as z from 'zod';
import { pathText } from '../values/field-name.ts';

/** A time as another language may write it. */
const Time = z
  .string()
  .refine((text) => z.iso.datetime({ offset: true }).safeParse(text).success, { error: 'must be a time of ISO 8601' })
  .transform((text) => new Date(text).toISOString());

/** One run of the lake's eraser that ended well. */
const EraserRun = z.object({
  startedAt: Time,
  endedAt: Time,
  /** The newest time of an erasure that all jobs of the lake had seen before. */
  upTo: Time,
});
export type EraserRun = z.infer<typeof EraserRun>;

/** What the lake's eraser says of itself: times, and nothing of anybody. */
const LakeProof = z.object({
  version: z.literal(1),
  runs: z.array(EraserRun),
  /** Whatever row was deleted before is in no file of a table any more. */
  cleanedBefore: Time,
});
export type LakeProof = z.infer<typeof LakeProof>;

/** The file is there and proves nothing. */
export class NoLakeProof extends Error {
  override readonly name = 'NoLakeProof';
}

/** Reads what the eraser wrote. @throws NoLakeProof that names the field */
export function readLakeProof(text: string): LakeProof {
  const read = LakeProof.safeParse(parsed(text));
  if (read.success) return read.data;
  const [{ path, message } = { path: [], message: 'is not valid' }] = read.error.issues;
  throw new NoLakeProof(`the proof of the lake’s eraser: ${pathText(path) || 'the file'}: ${message}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
