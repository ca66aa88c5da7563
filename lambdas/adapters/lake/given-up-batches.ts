import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { failedBatchPrefix, putAsidePrefix } from '../../core/contract/storage.ts';
import { type GivenUp, readGivenUp } from '../../core/operations/given-up.ts';
import { countReasons, type Going, type Redriven, type RedrivePlace } from '../../core/operations/redrive-place.ts';
import { errorMessageOf } from '../../core/values/thrown.ts';

/**
 * Sends what an object holds; once it returns, it is safe. @throws CannotBeSent where it is the object's own fault, and
 * Error where whoever is to have it takes nothing
 */
export type SendBatch<From extends GivenUp['from']> = (
  batch: Extract<GivenUp, { from: From }>,
  key: string,
) => Promise<void>;

/** Something of an object can be sent to nobody; the next one may be. */
export class CannotBeSent extends Error {
  override readonly name = 'CannotBeSent';
}

interface Kept {
  readonly key: string;
  readonly at: number;
}

/** Objects of one mapping that are read for their reasons; each may have six megabytes. */
const looked = 20;
/** What a shard of a table's stream is called; one of an event stream has fewer digits, and no more behind them. */
const ofTable = /^set-aside\/|\/shardId-\d{20}-/;

/** The place that an object belongs to: what forward put aside to its destination, and all else to a function. */
function placeOf(key: string): string {
  if (key.startsWith(putAsidePrefix)) return key.slice(0, key.lastIndexOf('/') + 1);
  return ofTable.test(key.slice(failedBatchPrefix.length)) ? 'publish' : 'stitch';
}

const cannotBeRead = (error: unknown): string => `cannot be read: ${errorMessageOf(error)}`;

/** What Lambda gave up on, and what publish and forward put aside, object by object in one bucket. */
export function givenUpBatches(client: S3Client, bucket: string) {
  async function read(key: string): Promise<GivenUp> {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return readGivenUp((await Body?.transformToString()) ?? '');
    } catch (error) {
      if (error instanceof NoSuchKey) throw error;
      throw new CannotBeSent(errorMessageOf(error));
    }
  }

  async function readFrom<From extends GivenUp['from']>(from: From, key: string) {
    const batch = await read(key);
    if (batch.from !== from)
      throw new CannotBeSent(`it holds records of ${batch.from}, and lies where those of ${from} do`);
    return batch as Extract<GivenUp, { from: From }>;
  }

  /** Objects of a place, oldest first. */
  async function of(place: string) {
    const reasons: string[] = [];
    const kept: Kept[] = [];
    for (const group of (await listed()).values()) {
      const ours = group.filter(({ key }) => placeOf(key) === place);
      kept.push(...ours);
      for (const { key } of ours.slice(0, looked))
        reasons.push(await read(key).then(({ reason }) => reason, cannotBeRead));
    }
    return { kept: kept.sort((a, b) => a.at - b.at), reasons };
  }

  /** By the mapping that gave them up. */
  async function listed(): Promise<ReadonlyMap<string, Kept[]>> {
    const all: Kept[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client },
      { Bucket: bucket, Prefix: failedBatchPrefix },
    ))
      for (const { Key: key = '', LastModified } of Contents) all.push({ key, at: LastModified?.getTime() ?? 0 });
    return Map.groupBy(
      all.sort((a, b) => a.at - b.at),
      ({ key }) => key.slice(failedBatchPrefix.length).split('/')[0] ?? '',
    );
  }

  /** The place of a function's batches, or the one of what a destination's queue refused. */
  return <From extends GivenUp['from']>(
    from: From,
    send: SendBatch<From>,
    { what, place }: { readonly what: string; readonly place: string } = { what: from, place: from },
  ): RedrivePlace => ({
    async look() {
      const { kept, reasons } = await of(place);
      return { what, count: kept.length, since: kept[0]?.at, reasons: countReasons(reasons) };
    },
    async send({ tell, isStopped, isWanted = () => true, isRehearsal = false }: Going): Promise<Redriven> {
      const left: { name: string; why: string }[] = [];
      let sent = 0;
      let others = 0;
      for (const { key } of (await of(place)).kept) {
        if (isStopped()) break;
        try {
          const batch = await readFrom(from, key);
          if (!isWanted({ reason: batch.reason, text: JSON.stringify(batch) })) {
            others += 1;
            continue;
          }
          if (!isRehearsal) {
            await send(batch, key);
            await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
          }
          tell(++sent);
        } catch (error) {
          // Another run sent it meanwhile.
          if (error instanceof NoSuchKey) continue;
          left.push({ name: key, why: errorMessageOf(error) });
          if (!(error instanceof CannotBeSent)) break;
        }
      }
      return { what, sent, ...(others > 0 && { others }), left };
    },
  });
}
