import type { StackResource } from '../platform/assembly-templates.ts';
import type { UpgradeChange } from './upgrade-change.ts';

interface Table {
  readonly name: string;
  readonly partition: readonly string[];
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

type ChangeOfResource = Omit<UpgradeChange, 'id'>;

const tablesOf = ({ Properties = {} }: StackResource): Map<string, Table> =>
  new Map((JSON.parse(String(Properties.Tables)) as Table[]).map((table) => [table.name, table]));

/** Types that Iceberg widens when it reads old files: https://iceberg.apache.org/spec/#schema-evolution */
const widened: Readonly<Record<string, string | undefined>> = { int: 'bigint', float: 'double' };

/** Changes of the lake's tables. Iceberg accepts new columns and wider numbers for existing rows, and nothing else. */
export function tableChanges(before: StackResource, after: StackResource): ChangeOfResource[] {
  const [last, now] = [tablesOf(before), tablesOf(after)];
  const gone = [...last.keys()]
    .filter((name) => !now.has(name))
    .map((name) => ({ what: `no longer has the table ${name}`, weight: 'loses' as const }));
  const added = [...now.keys()]
    .filter((name) => !last.has(name))
    .map((name) => ({ what: `has a new table ${name}`, weight: 'added' as const }));
  const both = [...last.values()].flatMap((table) => {
    const other = now.get(table.name);
    return other === undefined ? [] : changesOf(table, other);
  });
  return [...gone, ...added, ...both];
}

function changesOf({ name: table, partition, columns }: Table, now: Table): ChangeOfResource[] {
  const types = new Map(now.columns.map(({ name, type }) => [name, type]));
  const known = new Set(columns.map(({ name }) => name));
  const parted = partition.join() === now.partition.join();
  return [
    ...(parted
      ? []
      : [
          {
            what: `changes the partitions of ${table}, which existing tables keep`,
            weight: 'loses' as const,
          },
        ]),
    ...columns.flatMap(({ name, type }) => columnChange(`${table}.${name}`, type, types.get(name))),
    ...now.columns
      .filter(({ name }) => !known.has(name))
      .map(({ name, type }) => ({ what: `has a new column ${table}.${name}, a ${type}`, weight: 'added' as const })),
  ];
}

function columnChange(column: string, before: string, now: string | undefined): ChangeOfResource[] {
  if (now === before) return [];
  if (now === undefined) return [{ what: `no longer has the column ${column}`, weight: 'loses' as const }];
  return [
    {
      what: `makes ${column} a ${now} instead of a ${before}`,
      weight: widened[before] === now || isWiderDecimal(before, now) ? 'told' : 'loses',
    },
  ];
}

function isWiderDecimal(before: string, now: string): boolean {
  const [[precision, scale], [wider, sameScale]] = [before, now].map(
    (type) => type.match(/\d+/g)?.map(Number) ?? [],
  ) as [number[], number[]];
  return /^decimal/.test(before) && /^decimal/.test(now) && scale === sameScale && Number(wider) >= Number(precision);
}
