import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import {
  AthenaClient,
  BatchGetNamedQueryCommand,
  type ColumnInfo,
  CreateWorkGroupCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetWorkGroupCommand,
  ListNamedQueriesCommand,
  type QueryExecution,
  type Row,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import {
  EntityNotFoundException,
  GetDatabaseCommand,
  GetTableCommand,
  GetTablesCommand,
  GlueClient,
} from '@aws-sdk/client-glue';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { segmentDays, segmentStays } from '../../../bin/segments/history.ts';
import { segmentSizes } from '../../../bin/segments/membership.ts';
import { config } from '../../../cdp.config.ts';
import { makeTables } from '../../../lambdas/adapters/lake/tables.ts';
import { parseConfig } from '../../../lambdas/core/config/config.ts';
import { questions } from '../../../lib/analytics/questions.ts';
import { declaredTables, tableNames } from '../../../lib/lake/lake-rules.ts';
import { clientSettings } from '../../../local/platform/aws.ts';
import { deployAlone, type EmulatedStack } from '../stack/emulated-stack.ts';
import { eventually } from '../stack/eventually.ts';
import { analystTemplate, database } from './analyst-stack.ts';

/** What the rows of `marts.json` answer, worked out by hand. */
const answers: Readonly<Record<string, readonly (readonly (string | null)[])[]>> = {
  revenue_by_month: [
    ['2026-05-01', 'EUR', '3', '45.0', '15.0', '2'],
    ['2026-06-01', 'USD', '1', '9.5', '9.5', '1'],
  ],
  best_customers: [
    ['p0', 'Ann', 'ann@example.com', '5', '300.0', 'EUR', 'at_risk'],
    ['p1', null, null, '2', '100.0', 'EUR', 'champions'],
  ],
  customers_at_risk: [['p0', 'ann@example.com', '2026-02-01', '120', '5', '300.0', 'EUR']],
  customer_value: [
    ['at_risk', 'EUR', '1', '300.0', '75.0'],
    ['champions', 'EUR', '1', '100.0', '25.0'],
    ['new', 'USD', '1', '50.0', '100.0'],
  ],
  revenue_by_channel: [
    ['google', 'cpc', 'EUR', '1', '100.0', '0.0', '50.0'],
    ['newsletter', 'email', 'EUR', '1', '0.0', '100.0', '50.0'],
    ['direct', '', 'EUR', '2', '0.0', '50.0', '0.0'],
  ],
  conversion_by_channel: [
    ['google', 'mobile', '2', '1', '50.0'],
    ['direct', 'unknown', '1', '0', '0.0'],
    ['search', 'unknown', '1', '0', '0.0'],
  ],
  funnel_steps: [
    ['checkout', '1', 'Product Viewed', '20', '100.0', null],
    ['checkout', '2', 'Product Added', '5', '25.0', '25.0'],
    ['checkout', '3', 'Order Completed', '2', '10.0', '40.0'],
  ],
  audience_by_month: [
    ['2026-05-01', '5', '7.5', '17', '1'],
    ['2026-06-01', '0', '1.0', '2', '2'],
  ],
  repeat_customers: [['2026-01-01', '2', '0', '1', '1', '50.0']],
  segment_sizes: [['fans', '1', '2', '1', '10.0']],
};

type Settings = ReturnType<typeof clientSettings>;

const template = analystTemplate();
let stack: EmulatedStack;
let owner: Settings;
let bucket: string;
/** What tables and views answered before anything was written. */
const atFirst = new Map<string, { columns: readonly string[]; rows: readonly unknown[] }>();
const declared = declaredTables(parseConfig(config));
let made: string[];
beforeAll(async () => {
  stack = await deployAlone(template);
  owner = clientSettings(stack.url);
  bucket = stack.outputs.Bucket ?? '';
  const small = {
    BytesScannedCutoffPerQuery: 10_000,
    ResultConfiguration: { OutputLocation: `s3://${bucket}/athena-results/` },
  };
  await new AthenaClient(owner).send(new CreateWorkGroupCommand({ Name: 'small', Configuration: small }));
  const place = {
    glue: new GlueClient(owner),
    s3: new S3Client(owner),
    bucket,
    database,
    now: Date.now,
    newId: randomUUID,
  };
  made = await makeTables(declared, place);
  expect(await makeTables(declared, place)).toEqual([]);
  for (const name of [...made, ...questions.map((question) => question.name)]) {
    const { rows, columns } = await ask(`SELECT * FROM ${name}`);
    atFirst.set(name, { rows, columns: columns.map(({ Name = '', Type = '' }) => `${Name} ${Type}`) });
  }
  await promisify(execFile)('.venv/bin/python', [
    'test/local/athena/iceberg_tables.py',
    stack.url,
    bucket,
    database,
    '.jars',
  ]);
}, 420_000);
afterAll(() => stack?.stop());

/** Runs a query to its end. */
async function run(sql: string, settings = owner, workGroup = stack.outputs.WorkgroupName): Promise<QueryExecution> {
  const athena = new AthenaClient(settings);
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: workGroup,
      QueryExecutionContext: { Database: database },
      ResultConfiguration: { OutputLocation: 's3://elsewhere/' },
    }),
  );
  return eventually(`the end of ${sql}`, async () => {
    const { QueryExecution: execution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    return ['QUEUED', 'RUNNING'].includes(execution?.Status?.State ?? '') ? undefined : execution;
  });
}

const cells = (row: Row): (string | null)[] => (row.Data ?? []).map(({ VarCharValue }) => VarCharValue ?? null);

/** The rows that answer a query, without the one of names, and its columns. */
async function ask(sql: string, settings = owner): Promise<{ rows: (string | null)[][]; columns: ColumnInfo[] }> {
  const { QueryExecutionId, Status } = await run(sql, settings);
  expect(Status?.StateChangeReason ?? '', sql).toBe('');
  const { ResultSet } = await new AthenaClient(settings).send(new GetQueryResultsCommand({ QueryExecutionId }));
  return { rows: (ResultSet?.Rows ?? []).slice(1).map(cells), columns: ResultSet?.ResultSetMetadata?.ColumnInfo ?? [] };
}

const resultOf = (execution: QueryExecution) => ({
  Bucket: bucket,
  Key: execution.ResultConfiguration?.OutputLocation?.replace(`s3://${bucket}/`, '') ?? '',
});

describe('before a job ever ran', () => {
  const types: Readonly<Record<string, string>> = {
    string: 'varchar',
    int: 'integer',
    timestamp: 'timestamp with time zone',
  };
  const typed = (type: string): string => types[type] ?? type.replace(/[(<].*/, '');

  it('all tables are there', () => expect(made.sort()).toEqual([...tableNames]));

  it.each(declared)('the table $name answers with its columns, and no rows', ({ name, columns }) => {
    expect(atFirst.get(name)).toEqual({
      rows: [],
      columns: columns.map((column) => `${column.name} ${typed(column.type)}`),
    });
  });

  it.each(questions)('the view $name answers with its columns, and no rows', ({ name, columns }) => {
    expect(atFirst.get(name)).toEqual({ rows: [], columns: columns.map((column) => `${column.name} ${column.type}`) });
  });

  it('a job then fills these very tables, as it would have made them', async () => {
    const { Table } = await new GlueClient(owner).send(
      new GetTableCommand({ DatabaseName: database, Name: 'revenue' }),
    );
    expect(Table?.StorageDescriptor?.Location).toBe(`s3://${bucket}/tables/${database}.db/revenue`);
    expect(Table?.Parameters?.previous_metadata_location).toMatch(/\/metadata\/0000\d-/);
    expect((await ask('SELECT count(*) FROM revenue')).rows).not.toEqual([['0']]);
  });
});

describe('a query', () => {
  it('reads what Spark wrote, without the rows that it deleted', async () => {
    const { rows } = await ask('SELECT order_id FROM orders ORDER BY order_id');
    expect(rows.flat()).toEqual(['o0', 'o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o8', 'o9']);
  });

  it('gives every type its name and its text', async () => {
    const { rows, columns } = await ask("SELECT * FROM orders WHERE order_id = 'o1'");
    expect(Object.fromEntries(columns.map(({ Name, Type }, n) => [Name, [Type, rows[0]?.[n]]]))).toEqual({
      order_id: ['varchar', 'o1'],
      person: ['varchar', 'p1'],
      ordered_at: ['timestamp with time zone', '2026-05-02 10:00:00.500000 UTC'],
      day: ['date', '2026-05-02'],
      local: ['timestamp', '2026-05-01 10:00:00.000000'],
      total: ['decimal', '10.2500'],
      pieces: ['bigint', '1'],
      weight: ['double', '0.25'],
      gift: ['boolean', 'false'],
      skus: ['array', '[a, null, b1]'],
      attributes: ['map', '{k=v}'],
      parcel: ['row', '{count=1, note=x, "y"}'],
    });
  });

  it('reads views, also of views', async () => {
    expect((await ask('SELECT * FROM known_countries ORDER BY 1')).rows).toEqual([
      ['DE', '18'],
      ['FR', '5'],
    ]);
  });

  it.each([
    { name: 'whole numbers divide to whole numbers', sql: 'SELECT 7 / 2', answer: ['3'] },
    {
      name: 'a day has passed after 24 hours',
      sql: "SELECT date_diff('day', timestamp '2026-01-01 23:00', timestamp '2026-01-02 22:59')",
      answer: ['0'],
    },
    {
      name: 'doubles are written as Java does',
      sql: 'SELECT 1e7, 123456.5e0, 0.0001e0',
      answer: ['1.0E7', '123456.5', '1.0E-4'],
    },
    { name: 'null is no text', sql: "SELECT cast(null AS varchar), ''", answer: [null, ''] },
    { name: 'JSON is looked into', sql: `SELECT json_extract_scalar('{"a":{"b":"c"}}', '$.a.b')`, answer: ['c'] },
    {
      name: 'arrays become rows',
      sql: 'SELECT count(sku), count(*) FROM orders CROSS JOIN UNNEST(skus) AS u(sku)',
      answer: ['18', '27'],
    },
    {
      name: 'a name of WITH hides a table',
      sql: 'WITH orders AS (SELECT 1 AS one) SELECT * FROM orders',
      answer: ['1'],
    },
    {
      name: 'the catalog may be named',
      sql: `SELECT count(*) FROM "AwsDataCatalog"."${database}"."people"`,
      answer: ['3'],
    },
    {
      name: 'times are in UTC',
      sql: "SELECT date_trunc('day', ordered_at) FROM orders WHERE order_id = 'o0'",
      answer: ['2026-05-01 00:00:00.000000 UTC'],
    },
  ])('$name', async ({ sql, answer }) => expect((await ask(sql)).rows[0]).toEqual(answer));

  it('tells what is in the catalog', async () => {
    const columns = `SELECT column_name, ordinal_position, data_type FROM information_schema.columns WHERE table_schema = '${database}' AND table_name`;
    expect((await ask(`${columns} = 'orders' AND ordinal_position IN (3, 5, 6, 12) ORDER BY 2`)).rows).toEqual([
      ['ordered_at', '3', 'timestamp(6) with time zone'],
      ['local', '5', 'timestamp(6)'],
      ['total', '6', 'decimal(18,4)'],
      ['parcel', '12', 'row(count integer, note varchar)'],
    ]);
    const kinds = await ask(
      `SELECT table_name, table_type FROM information_schema.tables WHERE table_name IN ('orders', 'per_country') ORDER BY 1`,
    );
    expect(kinds.rows).toEqual([
      ['orders', 'BASE TABLE'],
      ['per_country', 'VIEW'],
    ]);
    expect(
      (await ask(`SELECT schema_name FROM information_schema.schemata WHERE schema_name = '${database}'`)).rows,
    ).toEqual([[database]]);
  });

  it.each([
    { view: 'more_columns', reason: /^INVALID_VIEW: View 'shop\.more_columns' is stale.* column count \(2\).* \(1\)$/ },
    {
      view: 'other_type',
      reason:
        /^INVALID_VIEW: .*column \[total\] of type decimal\(18,4\) .* cannot be coerced to column \[total\] of type bigint/,
    },
  ])('refuses a view whose query gives other columns than it declares: $view', async ({ view, reason }) => {
    const { Status } = await run(`SELECT * FROM ${view}`);
    expect([Status?.State, Status?.StateChangeReason]).toEqual(['FAILED', expect.stringMatching(reason)]);
  });

  it.each([
    { sql: 'SELECT * FROM nowhere', reason: /^TABLE_NOT_FOUND: Table 'awsdatacatalog.shop.nowhere' does not exist$/ },
    { sql: 'SELECT nothing FROM orders', reason: /^COLUMN_NOT_FOUND: line 1:14: Column 'nothing' cannot be resolved/ },
    { sql: 'SELECT person AS who, count(*) FROM orders GROUP BY who', reason: /^COLUMN_NOT_FOUND: .*'who'/ },
    {
      sql: "SELECT * FROM orders WHERE day = '2026-05-01'",
      reason: /^TYPE_MISMATCH: Cannot apply operator: date = varchar\(10\)$/,
    },
    {
      sql: 'SELECT * FROM orders WHERE order_id > 5',
      reason: /^TYPE_MISMATCH: Cannot apply operator: varchar > integer$/,
    },
    { sql: 'SELECT FROM WHERE', reason: /^SYNTAX_ERROR: / },
    { sql: "SELECT cast('x' AS integer)", reason: /^INVALID_CAST_ARGUMENT: / },
    { sql: 'SELECT nonsense(1)', reason: /^FUNCTION_NOT_FOUND: / },
    { sql: 'SELECT 1; SELECT 2', reason: /^SYNTAX_ERROR: one statement is wanted, 2 were given$/ },
    {
      sql: "SELECT * FROM orders FOR TIMESTAMP AS OF timestamp '2026-01-01 00:00:00 UTC'",
      reason: /^NOT_SUPPORTED: .*FOR TIMESTAMP AS OF/,
    },
    { sql: 'DELETE FROM orders', reason: /^NOT_SUPPORTED: / },
  ])('fails with a reason: $sql', async ({ sql, reason }) => {
    const { Status } = await run(sql);
    expect([Status?.State, Status?.StateChangeReason]).toEqual(['FAILED', expect.stringMatching(reason)]);
  });
});

const inDocs = [...readFileSync('docs/guides/analytics.md', 'utf8').matchAll(/^```sql\n([\s\S]*?)\n```$/gm)].map(
  ([, sql = '']) => sql,
);

it.each(inDocs.filter((sql) => !questions.some((question) => question.sql === sql)))(
  'the docs ask what can be asked (query %#)',
  async (sql) => expect((await ask(sql)).columns.length).toBeGreaterThan(0),
);

describe('npm run segment', () => {
  const place = () => ({
    athena: new AthenaClient(owner),
    workGroup: stack.outputs.WorkgroupName ?? '',
    database,
  });

  it('counts members, entries and exits, also of segments that nobody is in or that are defined no more', async () => {
    const newsletter = { key: 'newsletter', name: 'Newsletter', reads: [], aggregates: 0, bytes: 0 };
    const sizes = await segmentSizes(place(), [newsletter], Date.parse('2026-01-12T00:00:00Z'));
    expect(sizes).toEqual([
      { segment: 'newsletter', name: 'Newsletter', members: 0, share: null, entered: 0, left: 0, lastChange: null },
      {
        ...{ segment: 'fans', name: null, members: 1, share: null, entered: 0, left: 1 },
        lastChange: '2026-01-11 10:00:00.000000 UTC',
      },
    ]);
  });

  it('tells who entered and left when, the newest first', async () => {
    const [entered, exited] = ['2026-01-01 10:00:00.000000 UTC', '2026-01-11 10:00:00.000000 UTC'];
    const [p1, p0] = [
      { profileId: 'p1', enteredAt: entered, exitedAt: exited },
      { profileId: 'p0', enteredAt: entered, exitedAt: null },
    ];
    expect(await segmentStays(place(), 'fans', 100)).toEqual([p1, p0]);
    expect(await segmentStays(place(), 'fans', 1)).toEqual([p1]);
    expect(await segmentStays(place(), 'newsletter', 100)).toEqual([]);
  });

  it('counts entries and exits of each day, the newest first', async () => {
    const last = { day: '2026-01-11', entered: 0, left: 1, members: 1 };
    expect(await segmentDays(place(), 'fans', 100)).toEqual([
      last,
      { day: '2026-01-01', entered: 2, left: 0, members: 2 },
    ]);
    expect(await segmentDays(place(), 'fans', 1)).toEqual([last]);
  });
});

describe('a workgroup', () => {
  it('decides where the result goes, and how it is encrypted', async () => {
    const execution = await run('SELECT person, country FROM people ORDER BY 1');
    expect(resultOf(execution).Key).toBe(`athena-results/${execution.QueryExecutionId}.csv`);
    const s3 = new S3Client(owner);
    const { Body } = await s3.send(new GetObjectCommand(resultOf(execution)));
    expect(await Body?.transformToString()).toBe('"person","country"\n"p0","DE"\n"p1","FR"\n"p2",\n');
    expect((await s3.send(new HeadObjectCommand(resultOf(execution)))).ServerSideEncryption).toBe('aws:kms');
  });

  it('ends a query that reads more than it allows', async () => {
    const { Status } = await run('SELECT * FROM orders', owner, 'small');
    expect([Status?.State, Status?.StateChangeReason]).toEqual(['CANCELLED', 'Bytes scanned limit was exceeded']);
  });

  it('limits a query to 100 GiB, and keeps its result for 30 days', async () => {
    const { WorkGroup } = await new AthenaClient(owner).send(
      new GetWorkGroupCommand({ WorkGroup: stack.outputs.WorkgroupName }),
    );
    expect(WorkGroup?.Configuration).toMatchObject({
      BytesScannedCutoffPerQuery: 100 * 2 ** 30,
      PublishCloudWatchMetricsEnabled: true,
    });
    const rules = Object.values(template.Resources).flatMap(
      ({ Properties }) => Properties?.LifecycleConfiguration?.Rules ?? [],
    );
    expect(rules.find(({ Prefix }) => Prefix === 'athena-results/')?.ExpirationInDays).toBe(7);
  });

  it('must be there', () =>
    expect(run('SELECT 1', owner, 'nowhere')).rejects.toThrow('WorkGroup nowhere is not found.'));
});

it('comes in pages of at most 1,000 rows, of which the first has the names', async () => {
  const { QueryExecutionId } = await run('SELECT n FROM UNNEST(sequence(1, 2000)) AS t(n)');
  const athena = new AthenaClient(owner);
  const pages: (string | null)[][] = [];
  for (let NextToken: string | undefined, more = true; more; more = NextToken !== undefined) {
    const page = await athena.send(new GetQueryResultsCommand({ QueryExecutionId, NextToken }));
    pages.push((page.ResultSet?.Rows ?? []).flatMap(cells));
    ({ NextToken } = page);
  }
  expect(pages.map(({ length }) => length)).toEqual([1000, 1000, 1]);
  expect(pages.flat()).toEqual(['n', ...Array.from({ length: 2000 }, (_, n) => `${n + 1}`)]);
});

describe('as whom', () => {
  async function as(role: string): Promise<Settings> {
    const assumed = await new STSClient(owner).send(
      new AssumeRoleCommand({ RoleArn: stack.outputs[`${role}Arn`], RoleSessionName: 'test' }),
    );
    const {
      AccessKeyId: accessKeyId = '',
      SecretAccessKey: secretAccessKey = '',
      SessionToken: sessionToken,
    } = assumed.Credentials ?? {};
    return {
      ...owner,
      credentials: { accessKeyId, secretAccessKey, sessionToken } as unknown as Settings['credentials'],
    };
  }

  it('an analyst may ask for the database `default`, and nothing of what is in it', async () => {
    const glue = new GlueClient(await as('Analyst'));
    // There is none: that nobody is told who may not ask.
    await expect(glue.send(new GetDatabaseCommand({ Name: 'default' }))).rejects.toThrow(EntityNotFoundException);
    await expect(glue.send(new GetTablesCommand({ DatabaseName: 'default' }))).rejects.toThrow(/not authorized/);
    await expect(glue.send(new GetDatabaseCommand({ Name: 'others' }))).rejects.toThrow(/not authorized/);
  });

  it('an analyst reads tables and results, and nothing as it was received', async () => {
    const analyst = await as('Analyst');
    expect((await ask('SELECT count(*) FROM known_countries', analyst)).rows).toEqual([['2']]);
    await new S3Client(owner).send(new PutObjectCommand({ Bucket: bucket, Key: 'raw/line', Body: '{}' }));
    await expect(new S3Client(analyst).send(new GetObjectCommand({ Bucket: bucket, Key: 'raw/line' }))).rejects.toThrow(
      /not authorized|Access ?Denied/i,
    );
    await expect(run('SELECT 1', analyst, 'small')).rejects.toThrow(/not authorized/);
  });

  it.each([
    { role: 'WithoutTables', reason: /^PERMISSION_DENIED: Access denied on S3/ },
    { role: 'WithoutCatalog', reason: /^Insufficient permissions to execute the query/ },
  ])('$role is refused', async ({ role, reason }) => {
    const { Status } = await run('SELECT * FROM orders', await as(role));
    expect([Status?.State, Status?.StateChangeReason]).toEqual(['FAILED', expect.stringMatching(reason)]);
  });
});

describe('npm run query', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cdp-query-'));
    await mkdir(join(folder, '.local'));
    await writeFile(join(folder, '.local/outputs.json'), JSON.stringify({ emulatorUrl: stack.url }));
    await writeFile(join(folder, 'question.sql'), 'SELECT count(*) AS people FROM people');
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** What a command prints, what it says meanwhile, and how it ends. */
  const script = (file: string, ...args: string[]): Promise<{ stdout: string; stderr: string; code: number }> =>
    scriptWith({}, file, ...args);
  const scriptWith = (
    env: NodeJS.ProcessEnv,
    file: string,
    ...args: string[]
  ): Promise<{ stdout: string; stderr: string; code: number }> =>
    promisify(execFile)(process.execPath, [resolve(file), '--local', '--stack', 'Test', ...args], {
      cwd: folder,
      env: { ...process.env, ...env },
    }).then(
      (done) => ({ ...done, code: 0 }),
      (failed: { stdout: string; stderr: string; code: number }) => failed,
    );
  const command = (...args: string[]) => script('bin/query.ts', ...args);
  const orders = `SELECT person, nullif(pieces, 0) AS pieces, gift, ',"' AS odd FROM orders WHERE order_id < 'o3' ORDER BY order_id`;

  it('prints a table, numbers to the right', async () => {
    const { stdout, stderr } = await command(orders);
    expect(stdout.split('\n')).toEqual([
      'person  pieces  gift   odd',
      '------  ------  -----  ---',
      'p0        null  true   ,"',
      'p1           1  false  ,"',
      'p2           2  true   ,"',
      '',
    ]);
    expect(stderr).toMatch(/^3 rows, \d+\.\d s, [\d.]+ kB scanned$/m);
  });

  it('prints CSV', async () => {
    const { stdout } = await command(orders, '--csv');
    expect(stdout).toBe('person,pieces,gift,odd\np0,,true,","""\np1,1,false,","""\np2,2,true,","""\n');
  });

  it('prints JSON', async () => {
    const { stdout } = await command(orders, '--json', '--limit', '1');
    expect(JSON.parse(stdout)).toEqual([{ person: 'p0', pieces: null, gift: true, odd: ',"' }]);
  });

  it('finds the platform where it was told to keep its files', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'cdp-elsewhere-'));
    const env = { CDP_LOCAL_DIRECTORY: elsewhere };
    expect((await scriptWith(env, 'bin/query.ts', 'SELECT 1')).stderr).toContain(`writes ${elsewhere}/outputs.json`);
    await writeFile(join(elsewhere, 'outputs.json'), await readFile(join(folder, '.local/outputs.json')));
    await rm(join(folder, '.local/outputs.json'));
    expect((await scriptWith(env, 'bin/query.ts', 'SELECT 1 AS one', '--csv')).stdout).toBe('one\n1\n');
    await cp(join(elsewhere, 'outputs.json'), join(folder, '.local/outputs.json'));
    await rm(elsewhere, { recursive: true });
  });

  it('shows tables and describes them', async () => {
    expect((await command("SHOW TABLES '*people'", '--csv')).stdout).toBe('tab_name\npeople\n');
    expect((await command('SHOW VIEWS', '--csv')).stdout.trim().split('\n')).toHaveLength(1 + questions.length + 4);
    expect((await command('DESCRIBE people', '--csv')).stdout).toBe(
      'col_name,data_type,comment\nperson,string,""\ncountry,string,""\n',
    );
    expect((await command('DESCRIBE nowhere')).stderr).toContain('table not found: shop.nowhere');
  });

  it('is asked all the questions by npm run docs, which shows the answers', async () => {
    await cp('docs/guides/analytics.md', join(folder, 'docs/guides/analytics.md'));
    await symlink(resolve('glue-scripts'), join(folder, 'glue-scripts'));
    await script('bin/docs.ts', '--answers');
    const page = await readFile(join(folder, 'docs/guides/analytics.md'), 'utf8');
    expect(page.match(/```text\n[^`]+```/g)).toHaveLength(questions.length);
    expect(page).toContain(
      [
        '```text',
        'segment  members  entered  left_it  mean_days',
        '-------  -------  -------  -------  ---------',
        'fans           1        2        1       10.0',
        '```',
      ].join('\n'),
    );
  });

  it('asks what is in a file, and what is saved', async () => {
    expect((await command('--file', 'question.sql', '--csv')).stdout).toBe('people\n3\n');
    expect((await command('--named', 'segment_sizes', '--csv')).stdout).toBe(
      'segment,members,entered,left_it,mean_days\nfans,1,2,1,10.0\n',
    );
    expect((await command('--list')).stdout.trim().split('\n')).toHaveLength(questions.length);
  });

  it.each([
    { name: 'no rows', args: ['SELECT 1 WHERE false'], code: 0, says: /^no rows, / },
    {
      name: 'more rows than asked for',
      args: ['SELECT * FROM people', '--limit', '2'],
      code: 0,
      says: /^the first 2 rows, .* all of them are in s3:/,
    },
    {
      name: 'why a query failed',
      args: ['SELECT * FROM nowhere'],
      code: 1,
      says: /^the query failed: TABLE_NOT_FOUND: /,
    },
    {
      name: 'which queries are saved',
      args: ['--named', 'none'],
      code: 1,
      says: /^no query "none" is saved in \w+; saved are: audience_by_month, /,
    },
    { name: 'that a file is missing', args: ['--file', 'none.sql'], code: 1, says: /none\.sql/ },
    {
      name: 'that there is no such stack',
      args: ['SELECT 1', '--stack', 'None'],
      code: 1,
      says: /None does not exist/,
    },
    {
      name: 'which argument it does not take',
      args: ['SELECT 1', '--limit', 'all'],
      code: 2,
      says: /^--limit is "all", and must be a whole number/,
    },
  ])('says $name', async ({ args, code, says }) => {
    const { stderr, ...ended } = await command(...args);
    expect([ended.code, stderr.split('\n').find((line) => !/^query: [A-Z]+ after/.test(line))]).toEqual([
      code,
      expect.stringMatching(says),
    ]);
  });
});

describe('a question', () => {
  it('is saved in the workgroup, every one of them', async () => {
    const athena = new AthenaClient(owner);
    const { NamedQueryIds } = await athena.send(
      new ListNamedQueriesCommand({ WorkGroup: stack.outputs.WorkgroupName }),
    );
    const { NamedQueries = [] } = await athena.send(new BatchGetNamedQueryCommand({ NamedQueryIds }));
    const saved = NamedQueries.map(({ Name, Description, QueryString, Database }) => ({
      Name,
      Description,
      QueryString,
      Database,
    }));
    const wanted = questions.map(({ name, question, sql }) => ({
      Name: name,
      Description: question,
      QueryString: sql,
      Database: database,
    }));
    expect(saved.sort(byName)).toEqual(wanted.sort(byName));
  });

  it.each(questions)('has a view with the columns and the answer it promises: $name', async ({ name, columns }) => {
    const answer = await ask(`SELECT * FROM ${name}`);
    expect(answer.columns.map(({ Name, Type }) => ({ name: Name, type: Type }))).toEqual(columns);
    expect(answer.rows).toEqual(answers[name]);
  });
});

const byName = (one: { Name?: string | undefined }, other: { Name?: string | undefined }): number =>
  (one.Name ?? '').localeCompare(other.Name ?? '');
