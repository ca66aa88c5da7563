import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';

/**
 * What Trino 476, the engine under Athena, makes of a query over two small tables: types and rows, or the start of its
 * refusal; or that the local Athena refuses what AWS takes.
 */
interface Probe {
  readonly sql: string;
  readonly types?: readonly string[];
  readonly rows?: readonly (readonly (string | null)[])[];
  readonly refused?: string;
}

interface Outcome {
  readonly types?: readonly string[];
  readonly rows?: readonly (readonly (string | null)[])[];
  readonly error?: string;
}

const file = 'test/local/athena/athena-probes.ndjson';
const probes = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Probe);
const outcomes = new Map<string, Outcome>();

beforeAll(() => {
  const answered = execFileSync('.venv-emulator/bin/python', ['test/local/athena/athena_probes.py', file], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  for (const [at, outcome] of (JSON.parse(answered) as Outcome[]).entries())
    outcomes.set(probes[at]?.sql ?? '', outcome);
}, 60_000);

/** Rows of a query without ORDER BY come in any order. */
const inOrder = (sql: string, rows: Outcome['rows'] = []): readonly string[] => {
  const texts = rows.map((row) => JSON.stringify(row));
  return /ORDER BY/.test(sql) ? texts : texts.sort();
};

/** Lengths of texts are of no use to anybody who reads an answer. */
const withoutLengths = (types: readonly string[] = []): readonly string[] =>
  types.map((type) => type.replaceAll(/varchar\(\d+\)/g, 'varchar'));

describe('the local Athena answers as Trino', () => {
  it('to many questions', () => expect(probes.length).toBeGreaterThan(300));

  it.each(probes.filter(({ refused }) => refused === undefined))('$sql', ({ sql, types, rows }) => {
    const outcome = outcomes.get(sql);
    expect(outcome?.error).toBeUndefined();
    expect(withoutLengths(outcome?.types)).toEqual(withoutLengths(types));
    expect(inOrder(sql, outcome?.rows)).toEqual(inOrder(sql, rows));
  });

  it.each(probes.filter(({ refused }) => refused !== undefined))('with a refusal: $sql', ({ sql, refused = '' }) => {
    expect(outcomes.get(sql)?.error).toMatch(new RegExp(`^${refused}: `));
  });
});
