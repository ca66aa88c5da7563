import { execFileSync } from 'node:child_process';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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

/** Rooms of the jobs, each below those after it. Rooms on one stair do not know each other. */
const stairs = [
  ['spark'],
  ['values'],
  ['tables'],
  ['databases', 'files', 'pulls', 'raw', 'stream'],
  ['cleaning', 'envelopes'],
  ['identity'],
  ['barriers'],
  ['erasing'],
  ['placing'],
  ['segments'],
  ['profiles'],
  ['deliveries', 'histories', 'marts', 'matching', 'records'],
  ['comparison'],
];

/** A room of the jobs knows Spark and the rooms below it; never AWS, and never a job. */
const jobsRoom = (room: string, refused: string, packages = '(?!)'): Room => {
  const below = stairs
    .slice(
      0,
      stairs.findIndex((stair) => stair.includes(room)),
    )
    .flat();
  return {
    folder: `glue-scripts/cdp/${room}`,
    mayImport: new RegExp(`^(pyspark|${packages}|cdp\\.(${[room, ...below].join('|')}))(\\.|$)`),
    refused,
  };
};

/** Tests of the jobs know what is shipped and what tests share, and no other test. */
const jobsTests = (room: string, refused: string, own = '(?!)'): Room => ({
  folder: `test/glue/${room}`,
  mayImport: new RegExp(`^(pytest|pyspark|numpy|cdp|jobs|${sharedByTests}|${own})(\\.|$)`),
  refused,
});
const sharedByTests = [
  'barred|bench_program|crashes|exports|identity_rules|idle|judged_lines|lake|loads|laws|people',
  'shared_rules|stream_answers',
].join('|');

const rooms: readonly Room[] = [
  {
    folder: 'local/emulator',
    mayImport: /^(ministack|emulator)(\.extensions)?$/,
    refused: 'from emulator.glue import jobs',
  },
  {
    folder: 'local/emulator/athena',
    mayImport: /^(ministack|botocore|duckdb|sqlglot|emulator\.(athena|iam))(\.|$)/,
    refused: 'from emulator.glue import jobs',
  },
  {
    folder: 'local/emulator/athena/grammar',
    mayImport: /^(sqlglot|emulator\.athena\.grammar)(\.|$)/,
    refused: 'import duckdb',
  },
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
  emulatorRoom('glue', 'from emulator.athena.engine import run', ['iam'], 'setup\\.spark_java'),
  emulatorRoom('iam', 'from ..glue import jobs', [], 'botocore'),
  emulatorRoom('objects', 'from emulator.server import periodic_task'),
  emulatorRoom('server', 'from emulator.iam import assumed_role', [], 'hypercorn|uvicorn'),
  emulatorRoom('kafka', 'from emulator.streams import batch', ['cloudwatch', 'iam', 'server'], 'confluent_kafka'),
  emulatorRoom('streams', 'from emulator.firehose import delivery_streams', ['cloudwatch', 'iam']),
  { folder: 'glue-scripts/cdp', mayImport: /^(?!)/, refused: 'from cdp.tables.schema import read_table' },
  jobsRoom('spark', 'from cdp.values.text import SPACE'),
  jobsRoom('values', 'from cdp.tables.schema import Column', 'phonenumbers'),
  jobsRoom('tables', 'from cdp.raw import zone', 'py4j'),
  jobsRoom('pulls', 'import boto3', 'certifi|dlt|requests'),
  jobsRoom('files', 'import boto3', 'pyarrow'),
  jobsRoom('raw', 'from cdp.stream.put_events import send'),
  jobsRoom('stream', 'import boto3'),
  jobsRoom('databases', 'from cdp.raw import zone', 'py4j'),
  jobsRoom('cleaning', 'from cdp.identity.identifiers import normalize', 'maxminddb|ua_parser'),
  jobsRoom('envelopes', 'from cdp.records.load import Load'),
  { folder: 'glue-scripts/cdp/cleaning/data', mayImport: /^(?!)/, refused: 'import pyspark' },
  jobsRoom('identity', 'from cdp.profiles import traits', 'numpy|pyarrow|scipy'),
  jobsRoom('barriers', 'import boto3', 'numpy|pyarrow'),
  jobsRoom('erasing', 'from cdp.marts.run import Run'),
  jobsRoom('placing', 'from cdp.segments.consent import consent'),
  jobsRoom('segments', 'from cdp.profiles.traits import survivors'),
  jobsRoom('profiles', 'from cdp.comparison.differences import differences'),
  jobsRoom('deliveries', 'from cdp.marts.run import Run'),
  jobsRoom('histories', 'from cdp.marts.run import Run'),
  jobsRoom('marts', 'from cdp.matching.links import decisions'),
  jobsRoom('matching', 'from cdp.marts.run import Run', 'numpy|splink'),
  jobsRoom('records', 'from cdp.marts.run import Run'),
  jobsRoom('comparison', 'from jobs import profiles'),
  { folder: 'glue-scripts/jobs', mayImport: /^(pyspark|py4j|boto3|cdp)(\.|$)/, refused: 'from jobs import events' },
  {
    folder: 'test/glue',
    mayImport: /^(pytest|pyspark|cdp|lake|setup\.spark_java)(\.|$)/,
    refused: 'from jobs import events',
  },
  jobsTests('barriers', 'import boto3', 'pyarrow|identity_rules'),
  jobsTests('bench', 'from test_people import people_of'),
  jobsTests('cleaning', 'from test_numbers import read', 'judged_lines'),
  jobsTests('comparison', 'from test_profiles import filled'),
  jobsTests('databases', 'import boto3', 'engines|py4j|shop'),
  jobsTests('deliveries', 'from test_profiles import filled'),
  jobsTests('envelopes', 'import boto3', 'pyarrow'),
  jobsTests('erasing', 'import boto3', 'erased_shop|table_files|pyarrow'),
  jobsTests('files', 'import boto3', 'pyarrow|bucket_in_memory|random_files'),
  jobsTests('fixtures', 'import test_runs', 'py4j'),
  jobsTests('identity', 'from worlds import worlds_of', 'pyarrow'),
  jobsTests('jobs', 'from marts_lake import MartsLake', 'chispa'),
  jobsTests('marts', 'from test_profiles import filled', 'lifetimes|marts_lake|marts_oracle|pandas'),
  jobsTests('matching', 'from test_matches import people'),
  jobsTests('placing', 'import boto3'),
  jobsTests('profiles', 'from test_profiles import filled'),
  jobsTests('pulls', 'import boto3', 'jobs|keeping|pulling|requests|vendor_answers|vendor_people|vendor_server'),
  jobsTests('raw', 'from test_read_events import judged'),
  jobsTests('records', 'import boto3', 'told_and_kept|histories_of_a_table'),
  jobsTests('segments', 'from test_profiles import filled', 'lives'),
  jobsTests('spark', 'import boto3'),
  jobsTests('stream', 'import boto3'),
  jobsTests('tables', 'import boto3'),
  jobsTests('twins', 'from emulator.glue import jobs'),
  jobsTests('values', 'from test_read_events import judged'),
];

/** What rooms of the jobs never ask for: the jobs hand in the time, and chance and environment decide nothing. */
const asksForMore =
  /\b(now|today|utcnow|time\.time|current_timestamp|current_date|rand|randn|uuid4|getenv)\(|\bos\.environ\b|\bimport (random|time)\b/;

/** More than this lie in no folder; a larger one has rooms to be found. */
const mostFiles = 15;

type Sources = Readonly<Record<string, string>>;
type Imports = Readonly<Record<string, readonly { readonly module: string; readonly file: string | null }[]>>;

/** Read by Python itself, which knows imports of every form. */
const importsOf = (sources: Sources): Imports =>
  JSON.parse(
    execFileSync('.venv/bin/python', ['test/python_imports.py'], { input: JSON.stringify(sources), encoding: 'utf8' }),
  );

const pythonIn = (pattern: string): string[] => globSync(pattern).filter((file) => !file.includes('__pycache__'));
const read = (files: readonly string[]): Sources =>
  Object.fromEntries(files.map((file) => [file, readFileSync(file, 'utf8')]));
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
    const all = pythonIn('{local/emulator,glue-scripts,test/glue}/**/*.py').map((file) => dirname(file));
    expect([...new Set(all)].filter((folder) => !folders.includes(folder))).toEqual([]);
  });

  it.each(folders)(`%s has ${mostFiles} files at most`, (folder) => {
    const inside = readdirSync(folder, { withFileTypes: true });
    expect(inside.filter((entry) => entry.isFile()).length).toBeLessThanOrEqual(mostFiles);
  });

  it('has jobs whose rooms are given the time', () => {
    const asking = pythonIn('glue-scripts/cdp/**/*.py').filter((file) => asksForMore.test(readFileSync(file, 'utf8')));
    expect(asking).toEqual([]);
  });

  it.each(['datetime.now(UTC)', 'F.current_timestamp()', 'os.environ["TZ"]', 'import random'])(
    'has rooms that could not have: %s',
    (refused) => {
      expect(refused).toMatch(asksForMore);
    },
  );

  it('has files of the jobs that are short enough to be read at once', () => {
    const lines = pythonIn('glue-scripts/**/*.py').map((file) => ({
      file,
      lines: readFileSync(file, 'utf8').trimEnd().split('\n').length,
    }));
    expect(lines.filter((entry) => entry.lines > 150)).toEqual([]);
  });

  it('has lines of at most 120 columns', () => {
    const wide = pythonIn('{glue-scripts,test/glue,bench}/**/*.py').flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, n) => ([...line].length > 120 ? [`${file}:${n + 1}`] : [])),
    );
    expect(wide).toEqual([]);
  });

  it('has no circle of files', () => expect(circle(imports)).toEqual([]));

  it('would have a circle with two files that import each other', () => {
    const planted = {
      'local/emulator/iam/one.py': 'from emulator.iam import two',
      'local/emulator/iam/two.py': 'from .one import name',
    };
    expect(circle(importsOf(planted))).toEqual([
      'local/emulator/iam/one.py',
      'local/emulator/iam/two.py',
      'local/emulator/iam/one.py',
    ]);
  });
});

describe('the emulator', () => {
  it('lists each package that extends it once', () => {
    const listed = [...readFileSync('local/emulator/extensions.py', 'utf8').matchAll(/^ {4}"(\w+)",$/gm)].map(
      ([, name]) => name,
    );
    expect(listed).toEqual(
      pythonIn('local/emulator/*/__init__.py')
        .map((file) => basename(dirname(file)))
        .sort(),
    );
  });

  it('has files of at most 150 lines and 120 columns', () => {
    const long = pythonIn('local/emulator/**/*.py').filter((file) => {
      const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
      return lines.length > 150 || lines.some((line) => line.length > 120);
    });
    expect(long).toEqual([]);
  });

  it('says of each file whether MiniStack could have it', () => {
    const [, table = ''] = readFileSync('local/emulator/README.md', 'utf8').split('\n## Files\n');
    const told = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) => {
      const names = [...cell.matchAll(/`([\w./]+)`/g)].map(([, name = '']) => name);
      return names.map((name) => join('local/emulator', name.includes('/') ? '' : dirname(names[0] ?? ''), name));
    });
    const files = pythonIn('local/emulator/**/*.{py,txt}').filter((file) => basename(file) !== '__init__.py');
    expect(told.filter((file) => basename(file) !== '__init__.py').sort()).toEqual(files.sort());
  });
});
