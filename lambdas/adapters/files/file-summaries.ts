import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { importPrefix } from '../../core/contract/storage.ts';
import { FileSummary } from '../../core/imports/file-summary.ts';

/** Reads the summaries of files in the lake's bucket. */
export const fileSummaries = (client: S3Client, Bucket: string) => ({
  /** The newest summaries, those of a source if it is given. */
  async newest(most: number, sourceId?: string): Promise<FileSummary[]> {
    const Prefix = sourceId === undefined ? importPrefix.summaries : `${importPrefix.summaries}${sourceId}/`;
    const found: { key: string; at: number }[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix }))
      found.push(...Contents.map(({ Key = '', LastModified }) => ({ key: Key, at: LastModified?.getTime() ?? 0 })));
    const newest = found.sort((a, b) => b.at - a.at).slice(0, most);
    return Promise.all(
      newest.map(async ({ key }) => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
        return FileSummary.parse(JSON.parse((await Body?.transformToString()) ?? ''));
      }),
    );
  },
});
export type FileSummaries = ReturnType<typeof fileSummaries>;
