import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { barrierFile } from '../../core/contract/storage.ts';
import { type BarrierList, noBarriers, readBarrierList } from '../../core/privacy/barrier-list.ts';
import { errorNameOf } from '../../core/values/thrown.ts';

/** A version of the list; without a tag if there is no file yet, and nobody has a barrier. */
export interface BarrierFileVersion {
  readonly list: BarrierList;
  readonly tag: string | undefined;
}

/** What S3 says when a file is still the one that somebody has, or when it is not the one that somebody expects. */
const unchanged = new Set(['NotModified', '304']);
const overtaken = new Set(['PreconditionFailed', 'ConditionalRequestConflict', '412']);

/** The file with the list of barriers, in the lake's bucket. */
export const barrierFileIn = (client: S3Client, Bucket: string) => ({
  /** The list; undefined if it is still the one with the tag. @throws BarriersUnreadable */
  async read(tag?: string): Promise<BarrierFileVersion | undefined> {
    try {
      const command = new GetObjectCommand({
        Bucket,
        Key: barrierFile,
        ...(tag !== undefined && { IfNoneMatch: tag }),
      });
      const { Body, ETag } = await client.send(command);
      return { list: readBarrierList((await Body?.transformToByteArray()) ?? new Uint8Array()), tag: ETag };
    } catch (error) {
      if (error instanceof NoSuchKey) return { list: noBarriers, tag: undefined };
      if (isAnswer(error, unchanged, 304)) return undefined;
      throw error;
    }
  },

  /** Puts a list in the place of the version that it was made of; false if somebody else was faster. */
  async replace({ tag }: Pick<BarrierFileVersion, 'tag'>, { bytes }: BarrierList): Promise<boolean> {
    try {
      const expected = tag === undefined ? { IfNoneMatch: '*' } : { IfMatch: tag };
      await client.send(new PutObjectCommand({ Bucket, Key: barrierFile, Body: bytes, ...expected }));
      return true;
    } catch (error) {
      if (isAnswer(error, overtaken, 412) || error instanceof NoSuchKey) return false;
      throw error;
    }
  },
});
export type BarrierFile = ReturnType<typeof barrierFileIn>;

const isAnswer = (error: unknown, names: ReadonlySet<string>, status: number): boolean =>
  names.has(errorNameOf(error)) ||
  (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode === status;
