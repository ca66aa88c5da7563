import { parseInstant } from '../values/time.ts';
import type { LakeRules } from './rules.ts';

/** A rule that refers to an unknown column or adds an existing one; `field` is its place. */
interface ColumnFlaw {
  readonly path: (string | number)[];
  readonly message: string;
}

/**
 * Columns that identify the event and its person, and what segments read of it. Changing them would make the lake's
 * people differ from the stream's.
 */
const asReceived = new Set([
  'event_id',
  'message_id',
  'type',
  'user_id',
  'anonymous_id',
  'previous_id',
  'group_id',
  'source_id',
  'event',
  'name',
  'properties',
  'traits',
  'context',
]);
/** Names that the job `events` uses for temporary columns. */
const working = new Set(['line', 'line_hash', 'wrapped', 'json', 'object', 'arrived_at', 'verdict', 'rank']);

/**
 * Checks the rules against the standard columns of the table `events`: every column exists with a suitable type when a
 * rule uses it, and is declared once.
 */
export function columnFlaws(
  { columns, standardize, missing, derive }: LakeRules,
  standard: ReadonlyMap<string, string>,
): ColumnFlaw[] {
  const types = new Map(standard);
  const flaws: ColumnFlaw[] = [];
  const add = (name: string, type: string, path: ColumnFlaw['path']) => {
    if (types.has(name)) flaws.push({ path, message: `the table already has a column "${name}"` });
    if (working.has(name)) flaws.push({ path, message: `the jobs use the name "${name}" themselves` });
    types.set(name, type);
  };
  const use = (name: string, path: ColumnFlaw['path'], problem: (type: string) => string | undefined) => {
    const type = types.get(name);
    const message = type === undefined ? `the table has no column "${name}"` : problem(type);
    if (message !== undefined) flaws.push({ path, message });
  };
  const changed = (name: string, rest: (type: string) => string | undefined) => (type: string) =>
    asReceived.has(name) ? `"${name}" stays as it was received` : rest(type);
  const mustBeText = (name: string) => (type: string) =>
    type === 'string' ? undefined : `"${name}" has the type ${type}, and must be string`;

  columns.forEach(({ name, type }, at) => void add(name, type, ['columns', at, 'name']));
  standardize.forEach(
    ({ column }, at) => void use(column, ['standardize', at, 'column'], changed(column, mustBeText(column))),
  );
  missing.forEach((rule, at) => {
    const { action, column } = rule;
    if (action === 'drop') use(column, ['missing', at, 'column'], () => undefined);
    else if (action === 'unknown') use(column, ['missing', at, 'column'], changed(column, mustBeText(column)));
    else
      use(
        column,
        ['missing', at, 'value'],
        changed(column, (type) => (isOf(type, rule.value) ? undefined : `is not of the type of "${column}", ${type}`)),
      );
  });
  derive.forEach(({ column, kind, of }, at) => {
    of.forEach(
      (name, n) =>
        void use(name, ['derive', at, 'of', n], (type) =>
          type.startsWith('array') ? `"${name}" is a list` : undefined,
        ),
    );
    add(column, kind === 'sum' || kind === 'product' ? 'double' : 'string', ['derive', at, 'column']);
  });
  return flaws;
}

/** Whether a column of a type can contain a value. */
function isOf(type: string, value: string | number | boolean): boolean {
  switch (type) {
    case 'string':
      return true;
    case 'boolean':
      return typeof value === 'boolean';
    case 'timestamp':
      return typeof value === 'string' && parseInstant(value) !== undefined;
    case 'bigint':
      return Number.isSafeInteger(value);
    default:
      return typeof value === 'number' && !type.startsWith('array');
  }
}
