import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import type { Place, Store } from '../../../lambdas/core/privacy/stores/store.ts';
import { heldIn } from '../../fixtures/scan/decoded.ts';
import { asOwner, stackOutput } from '../platform/deployment.ts';
import { isClaimed, isOfTable, parts, resultsPrefix } from './parts.ts';
import { letters, logged, parameters, secrets } from './passing-pieces.ts';
import { items, type Piece, type Version, versions } from './pieces.ts';
import { changes, streamed } from './stream-pieces.ts';

/** How many pieces are read at once. */
const atOnce = 16;

const s3 = new S3Client({ ...asOwner, forcePathStyle: true });

/** A piece that has some of the texts that were looked for. */
export type Seen<Kind extends Piece = Piece> = Kind & { readonly has: readonly string[] };

/** What the scan found: of each part of a store that can be read, the pieces that have one of the texts. */
export type Found = ReadonlyMap<string, readonly Seen[]>;

/**
 * Looks through every place of the platform's list of stores, and through all versions of all objects, for texts that
 * nobody said before a time. Stores without a place that the emulator has are not in the answer. @throws when the lake
 * bucket has an object that is in no store
 */
export async function storesWith(texts: readonly string[], since: number): Promise<Found> {
  const reads = readers(since);
  const found = new Map<string, readonly Seen[]>();
  for (const part of parts) {
    const pieces = await reads(part);
    if (pieces !== undefined) found.set(part.name, await withOneOf(texts, pieces));
  }
  return found;
}

/** The versions of objects among pieces. */
export const versionsIn = (found: Found): Seen<Version>[] => [...found.values()].flat().filter(isVersion);

/** What was found in versions, by their place and the texts that were looked for. */
const known = new Map<string, readonly string[]>();

/** Those of pieces that have one of the texts. */
export async function withOneOf<Kind extends Piece>(
  texts: readonly string[],
  pieces: readonly Kind[],
): Promise<Seen<Kind>[]> {
  const found: Seen<Kind>[] = [];
  for (let from = 0; from < pieces.length; from += atOnce) {
    const some = pieces.slice(from, from + atOnce);
    const seen = await Promise.all(some.map(async (piece) => ({ ...piece, has: await textsIn(texts, piece) })));
    found.push(...seen.filter(({ has }) => has.length > 0));
  }
  return found;
}

async function textsIn(texts: readonly string[], piece: Piece): Promise<readonly string[]> {
  const named = texts.filter((text) => piece.where.includes(text));
  const look = async () => [...new Set([...named, ...(await heldIn(await piece.read(), texts))])];
  // What has no version of its own may be written over.
  if (!isVersion(piece) || piece.versionId === 'null') return look();
  const name = JSON.stringify([piece.bucket, piece.where, texts]);
  const has = known.get(name) ?? (await look());
  known.set(name, has);
  return has;
}

function isVersion<Kind extends Piece>(piece: Kind): piece is Kind & Version {
  return 'versionId' in piece;
}

/** How a store is read; what several are parts of is listed once. */
function readers(since: number): (store: Store) => Promise<readonly Piece[] | undefined> {
  const once = <T>(list: () => Promise<T>) => {
    let listed: Promise<T> | undefined;
    return () => (listed ??= list());
  };
  const lake = once(() => versions(stackOutput('lakeBucket'), since));
  const table = once(items);
  const current = async (isWanted: (key: string) => boolean) =>
    (await lake()).filter(({ key, isCurrent }) => isCurrent && isWanted(key));
  const inTemplate: Readonly<Record<string, (ids: RegExp) => Promise<readonly Piece[] | undefined>>> = {
    'DynamoDB::Table': () => changes(since),
    'Kinesis::Stream': () => streamed(since),
    'SQS::Queue': letters,
    'Logs::LogGroup': () => logged(since),
    'SecretsManager::Secret': secrets,
    'SSM::Parameter': parameters,
    'Athena::WorkGroup': () => current((key) => key.startsWith(resultsPrefix)),
    'S3::Bucket': (ids) => ofBucket(ids, since, lake),
  };
  const by: { [In in Place['in']]: (place: Extract<Place, { in: In }>) => Promise<readonly Piece[] | undefined> } = {
    'profile table': async ({ partitions }) =>
      (await table()).filter(({ partition }) => partitions.some((start) => partition.startsWith(start))),
    'lake bucket': ({ prefixes }) => current((key) => prefixes.some((prefix) => key.startsWith(prefix))),
    'lake tables': ({ tables }) => current((key) => isOfTable(key, tables)),
    template: async ({ type, ids }) => inTemplate[type]?.(ids),
    elsewhere: async () => undefined,
  };
  return ({ place }) => by[place.in](place as never);
}

/** Objects of a bucket; of the lake's, earlier versions, as its current objects are those of other stores. */
async function ofBucket(
  ids: RegExp,
  since: number,
  lake: () => Promise<readonly Version[]>,
): Promise<readonly Piece[]> {
  if (ids.test('LakeBucket')) {
    const unclaimed = (await lake()).filter(({ key, isCurrent }) => isCurrent && !isClaimed(key));
    if (unclaimed.length > 0) throw new Error(`no store has ${unclaimed.map(({ key }) => key).join(', ')}`);
    return (await lake()).filter(({ isCurrent }) => !isCurrent);
  }
  if (ids.test('FailedBatches')) return versions(stackOutput('failedBatchBucket'), since);
  const named = await accessLogBuckets();
  return (await Promise.all(named.map((name) => versions(name, since)))).flat();
}

/** Buckets that have the access logs of others. @throws if there are none */
export async function accessLogBuckets(): Promise<string[]> {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const named = Buckets.flatMap(({ Name = '' }) => (/accesslogs/i.test(Name) ? [Name] : []));
  if (named.length === 0) throw new Error('no bucket has access logs');
  return named;
}
