import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { erasureFile } from '../../core/contract/storage.ts';
import { type LakeProof, readLakeProof } from '../../core/privacy/lake-proof.ts';

/**
 * Reads what the lake's eraser says of itself; undefined as long as it has never run. Whoever reads must be allowed to
 * list the bucket, or S3 says that access is denied where there is no file.
 * @throws NoLakeProof
 */
export const erasureProofIn = (client: S3Client, Bucket: string) => async (): Promise<LakeProof | undefined> => {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: erasureFile }));
    return readLakeProof((await Body?.transformToString()) ?? '');
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
};
