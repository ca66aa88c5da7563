import { AlreadyExistsException, CreateTableCommand, type GlueClient, paginateGetTables } from '@aws-sdk/client-glue';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { lakePrefix } from '../../core/contract/storage.ts';
import { catalogEntry, type DeclaredTable, emptyTable } from '../../core/lake/empty-table.ts';

/** The lake's tables and the clients that make them. */
interface LakePlace {
  readonly glue: GlueClient;
  readonly s3: S3Client;
  readonly bucket: string;
  readonly database: string;
  readonly now: () => number;
  readonly newId: () => string;
}

/** Makes the missing tables, empty, and returns their names; existing tables belong to the jobs and stay unchanged. */
export async function makeTables(declared: readonly DeclaredTable[], place: LakePlace): Promise<string[]> {
  const there = await namesIn(place);
  const lacking = declared.filter(({ name }) => !there.has(name));
  const made = await Promise.all(lacking.map((table) => makeTable(table, place)));
  return lacking.filter((_, at) => made[at]).map(({ name }) => name);
}

async function namesIn({ glue: client, database }: LakePlace): Promise<Set<string>> {
  const names = new Set<string>();
  for await (const { TableList = [] } of paginateGetTables({ client }, { DatabaseName: database })) {
    for (const { Name = '' } of TableList) names.add(Name);
  }
  return names;
}

/**
 * Writes the metadata file first, because readers of the catalog entry need it. False if a job made the table
 * meanwhile.
 */
async function makeTable(
  table: DeclaredTable,
  { glue, s3, bucket, database, now, newId }: LakePlace,
): Promise<boolean> {
  // The location that Spark would choose.
  const folder = `${lakePrefix.tables}${database}.db/${table.name}`;
  const location = `s3://${bucket}/${folder}`;
  const uuid = newId();
  const file = `metadata/00000-${uuid}.metadata.json`;
  const Body = JSON.stringify(emptyTable(table, { location, uuid, now: now() }));
  await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: `${folder}/${file}`, Body, ContentType: 'application/json' }),
  );
  try {
    await glue.send(
      new CreateTableCommand({
        DatabaseName: database,
        TableInput: catalogEntry(table, location, `${location}/${file}`),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof AlreadyExistsException) return false;
    throw error;
  }
}
