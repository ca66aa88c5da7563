import { type IcebergField, icebergType } from './iceberg-type.ts';

/** A table as the jobs declare it. */
export interface DeclaredTable {
  readonly name: string;
  readonly comment: string;
  readonly partition: readonly string[];
  readonly columns: readonly { readonly name: string; readonly type: string; readonly comment: string }[];
}

/** Where a new table is, and its unique id. */
interface TablePlace {
  readonly location: string;
  readonly uuid: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const transforms: ReadonlyMap<string, string> = new Map([
  ['days', 'day'],
  ['months', 'month'],
]);
/** Iceberg starts the ids of partition fields here. */
const firstPartitionId = 1000;

/**
 * Iceberg's metadata, version 2, of an empty table, as Spark writes it:
 * https://iceberg.apache.org/spec/#table-metadata-fields
 */
export function emptyTable({ comment, columns, partition }: DeclaredTable, { location, uuid, now }: TablePlace) {
  let lastId = columns.length;
  const nextId = (): number => ++lastId;
  const fields: IcebergField[] = columns.map(({ name, type, comment: doc }, at) => ({
    id: at + 1,
    name,
    required: false,
    type: icebergType(type, nextId),
    doc,
  }));
  const partitions = partition.map((text, at) => partitionField(text, fields, firstPartitionId + at));
  return {
    'format-version': 2,
    'table-uuid': uuid,
    location,
    'last-sequence-number': 0,
    'last-updated-ms': now,
    'last-column-id': lastId,
    'current-schema-id': 0,
    schemas: [{ type: 'struct', 'schema-id': 0, fields }],
    'default-spec-id': 0,
    'partition-specs': [{ 'spec-id': 0, fields: partitions }],
    'last-partition-id': firstPartitionId - 1 + partitions.length,
    'default-sort-order-id': 0,
    'sort-orders': [{ 'order-id': 0, fields: [] }],
    properties: {
      comment,
      'write.merge.mode': 'merge-on-read',
      'write.update.mode': 'merge-on-read',
      'write.parquet.compression-codec': 'zstd',
    },
    'current-snapshot-id': -1,
    refs: {},
    snapshots: [],
    statistics: [],
    'partition-statistics': [],
    'snapshot-log': [],
    'metadata-log': [],
  };
}

function partitionField(text: string, fields: readonly IcebergField[], id: number) {
  const [, word, column = text] = text.match(/^(\w+)\((\w+)\)$/) ?? [];
  const transform = word === undefined ? 'identity' : transforms.get(word);
  const source = fields.find(({ name }) => name === column);
  if (transform === undefined || source === undefined)
    throw new Error(
      `a table is declared as partitioned by ${text}, and must be partitioned by a column, or by days or months of one`,
    );
  const name = word === undefined ? column : `${column}_${transform}`;
  return { name, transform, 'source-id': source.id, 'field-id': id };
}

/** The table's entry in the Glue catalog, as Iceberg writes it. */
export const catalogEntry = ({ name, comment, columns }: DeclaredTable, location: string, metadata: string) => ({
  Name: name,
  Description: comment,
  TableType: 'EXTERNAL_TABLE',
  Parameters: { table_type: 'ICEBERG', metadata_location: metadata },
  StorageDescriptor: {
    Location: location,
    Columns: columns.map((column, at) => ({
      Name: column.name,
      Type: column.type,
      Comment: column.comment,
      Parameters: {
        'iceberg.field.id': `${at + 1}`,
        'iceberg.field.optional': 'true',
        'iceberg.field.current': 'true',
      },
    })),
  },
});
