import type { LakeSays } from '../../core/privacy/lake-end.ts';
import { type LakeProof, NoLakeProof } from '../../core/privacy/lake-proof.ts';
import { errorNameOf } from '../../core/values/thrown.ts';

/** Reads the proof of the lake's eraser; undefined if there is none yet. */
export type ReadLakeProof = () => Promise<LakeProof | undefined>;

/** What the lake's eraser says. What cannot be read proves nothing, and holds up no other store. */
export async function lakeSays(read: ReadLakeProof): Promise<LakeSays> {
  try {
    const proof = await read();
    return proof === undefined ? {} : { proof };
  } catch (error) {
    return { problem: error instanceof NoLakeProof ? error.message : errorNameOf(error) };
  }
}
