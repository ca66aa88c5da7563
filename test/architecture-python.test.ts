import { execFileSync } from 'node:child_process';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';

/** A folder of Python files, and what they may import besides Python's own modules. */
interface Room {
  readonly folder: string;
  readonly mayImport: RegExp;
  /** An import that this row is there to stop. */
  readonly refused: string;
}

/** Rooms of the emulator's extension know MiniStack and the rooms that are named. */
const emulatorRoom = (room: string, refused: string, others: readonly string[] = [], packages = '(?!)'): Room => ({
  folder: `local/emulator/${room}`,
  mayImport: new RegExp(`^(ministack|${packages}|emulator\\.(${[room, ...others].join('|')}))(\\.|$)`),
  refused,
});

const rooms: readonly Room[] = [
  { folder: 'local/emulator', mayImport: /^(ministack|emulator)(\.extensions)?$/, refused: 'from emulator.glue import jobs' },
  {
    folder: 'local/emulator/athena',
    mayImport: /^(ministack|botocore|duckdb|sqlglot|emulator\.(athena|iam))(\.|$)/,
    refused: 'from emulator.glue import jobs',
  },
  { folder: 'local/emulator/athena/grammar', mayImport: /^(sqlglot|emulator\.athena\.grammar)(\.|$)/, refused: 'import duckdb' },
  {
    folder: 'local/emulator/athena/types',
    mayImport: /^(sqlglot|emulator\.athena\.(grammar|types))(\.|$)/,
    refused: 'from emulator.athena.translation import macros',
  },
  {
    folder: 'local/emulator/athena/translation',
    mayImport: /^(duckdb|sqlglot|emulator\.athena\.(grammar|types|translation))(\.|$)/,
    refused: 'from emulator.athena import engine',
  },
  emulatorRoom('apis', 'from emulator.functions import queue_concurrency'),
  emulatorRoom('cloudformation', 'from emulator.glue.security_configurations import create'),
  emulatorRoom('cloudwatch', 'from emulator.streams.batch import Batch', ['server']),
  emulatorRoom('dynamodb', 'import emulator.glue.jobs', ['iam']),
  emulatorRoom('events', 'from emulator import firehose', ['cloudwatch', 'iam']),
  emulatorRoom('firehose', 'from emulator.streams import failed_batch', ['cloudwatch', 'iam', 'server']),
  emulatorRoom('functions', 'from emulator.streams.mappings import apply'),
  emulatorRoom('glue', 'from emulator.athena.engine import run', ['iam'], 'spark_java|pyspark|boto3|pandas|pyarrow'),
  emulatorRoom('iam', 'from ..glue import jobs', [], 'botocore'),
  emulatorRoom('server', 'from emulator.iam import assumed_role', [], 'hypercorn|uvicorn'),
  emulatorRoom('streams', 'from emulator.firehose import delivery_streams', ['cloudwatch', 'iam']),
];

/** More than this lie in no folder; a larger one has rooms to be found. */
const mostFiles = 15;

type Sources = Readonly<Record<string, string>>;
type Imports = Readonly<Record<string, readonly { readonly module: string; readonly file: string | null }[]>>;

/** Read by Python itself, which knows imports of every form. */
const importsOf = (sources: Sources): Imports =>
  JSON.parse(execFileSync('.venv/bin/python', ['test/python_imports.py'], { input: JSON.stringify(sources), encoding: 'utf8' }));

const pythonIn = (pattern: string): string[] => globSync(pattern).filter((file) => !file.includes('__pycache__'));
const read = (files: readonly string[]): Sources => Object.fromEntries(files.map((file) => [file, readFileSync(file, 'utf8')]));
const foreign = (imports: Imports, { mayImport }: Room): string[] =>
  Object.entries(imports).flatMap(([file, imported]) =>
    imported.filter(({ module }) => !mayImport.test(module)).map(({ module }) => `${file}: ${module}`),
  );

/** The files of one circle, the first of them again at the end; none where there is no circle. */
function circle(imports: Imports): readonly string[] {
  const done = new Set<string>();
  function visit(file: string, path: readonly string[]): readonly string[] {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    done.add(file);
    for (const { file: next } of imports[file] ?? []) {
      const found = next === null ? [] : visit(next, [...path, file]);
      if (found.length > 0) return found;
    }
    return [];
  }
  return (
    Object.keys(imports)
      .map((file) => visit(file, []))
      .find((found) => found.length > 0) ?? []
  );
}

describe('Python', () => {
  const folders = rooms.map(({ folder }) => folder);
  const files = folders.flatMap((folder) => pythonIn(`${folder}/*.py`));
  const imports = importsOf(read(files));

  it.each(rooms)('$folder imports only what it may', (room) => {
    const own = Object.fromEntries(Object.entries(imports).filter(([file]) => dirname(file) === room.folder));
    expect(Object.keys(own).length).toBeGreaterThan(0);
    expect(foreign(own, room)).toEqual([]);
  });

  it.each(rooms)('$folder could not have: $refused', (room) => {
    expect(foreign(importsOf({ [`${room.folder}/planted.py`]: room.refused }), room)).toHaveLength(1);
  });

  it('has a row for every folder', () => {
    const all = pythonIn('local/emulator/**/*.py').map((file) => dirname(file));
    expect([...new Set(all)].filter((folder) => !folders.includes(folder))).toEqual([]);
  });

  it.each(folders)(`%s has ${mostFiles} files at most`, (folder) => {
    const inside = readdirSync(folder, { withFileTypes: true });
    expect(inside.filter((entry) => entry.isFile()).length).toBeLessThanOrEqual(mostFiles);
  });

  it('has no circle of files', () => expect(circle(imports)).toEqual([]));

  it('would have a circle with two files that import each other', () => {
    const planted = { 'local/emulator/iam/one.py': 'from emulator.iam import two', 'local/emulator/iam/two.py': 'from .one import name' };
    expect(circle(importsOf(planted))).toEqual(['local/emulator/iam/one.py', 'local/emulator/iam/two.py', 'local/emulator/iam/one.py']);
  });
});

describe('the emulator', () => {
  it('lists each package that extends it once', () => {
    const listed = [...readFileSync('local/emulator/extensions.py', 'utf8').matchAll(/^ {4}"(\w+)",$/gm)].map(([, name]) => name);
    expect(listed).toEqual(
      pythonIn('local/emulator/*/__init__.py')
        .map((file) => basename(dirname(file)))
        .sort(),
    );
  });
});
