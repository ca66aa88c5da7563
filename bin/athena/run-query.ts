import { setTimeout as wait } from 'node:timers/promises';
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';

/** A query and where it runs. */
interface Query {
  readonly sql: string;
  readonly workGroup: string;
  readonly database: string;
  /** Maximum of rows to read. */
  readonly limit: number;
}

/** The first rows of a result, each value as Athena's text. */
export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** Whether there are rows beyond the limit. */
  readonly more: boolean;
  /** Location of the whole result in S3, as CSV. */
  readonly location: string;
  readonly scannedBytes: number;
  readonly milliseconds: number;
}

/** Called repeatedly while a query runs. */
export type Progress = (state: string, seconds: number) => void;

const firstPause = 100;
const longestPause = 1_000;

/**
 * Runs a query to its end; aborting also stops it in Athena.
 * @throws Error with Athena's reason
 */
export async function runQuery(
  athena: AthenaClient,
  query: Query,
  progress: Progress,
  signal: AbortSignal,
): Promise<Answer> {
  const { QueryExecutionId = '' } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: query.sql,
      WorkGroup: query.workGroup,
      QueryExecutionContext: { Database: query.database, Catalog: 'AwsDataCatalog' },
    }),
  );
  const execution = await untilEnd(athena, QueryExecutionId, progress, signal);
  const { State, StateChangeReason } = execution.Status ?? {};
  if (State !== 'SUCCEEDED')
    throw new Error(
      `the query ${State === 'FAILED' ? 'failed' : 'was cancelled'}: ${StateChangeReason ?? 'Athena gives no reason'}`,
    );
  return readAnswer(athena, execution, query.limit);
}

async function untilEnd(
  athena: AthenaClient,
  QueryExecutionId: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<QueryExecution> {
  const began = Date.now();
  for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
    const { QueryExecution: execution = {} } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const state = execution.Status?.State ?? 'QUEUED';
    if (state !== 'QUEUED' && state !== 'RUNNING') return execution;
    progress(state.toLowerCase(), (Date.now() - began) / 1000);
    await wait(pause, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) {
      await athena.send(new StopQueryExecutionCommand({ QueryExecutionId }));
      throw new Error('the query was stopped');
    }
  }
}

async function readAnswer(client: AthenaClient, execution: QueryExecution, limit: number): Promise<Answer> {
  const { QueryExecutionId, StatementType, ResultConfiguration, Statistics } = execution;
  const lines: (string | null)[][] = [];
  let columns: Answer['columns'] = [];
  // Athena puts the names of the columns before the rows of a query, but not before those of SHOW or DESCRIBE.
  const names = StatementType === 'DML' ? 1 : 0;
  for await (const { ResultSet } of paginateGetQueryResults({ client, pageSize: 1000 }, { QueryExecutionId })) {
    columns = (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name = '', Type = '' }) => ({
      name: Name,
      type: Type,
    }));
    lines.push(...(ResultSet?.Rows ?? []).map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue ?? null)));
    if (lines.length > limit + names) break;
  }
  // DESCRIBE returns its columns as one padded text, separated by tabs.
  const rows = lines
    .slice(names)
    .map((row) => (row.length < columns.length ? (row[0] ?? '').split('\t').map((part) => part.trimEnd()) : row));
  return {
    columns,
    rows: rows.slice(0, limit),
    more: rows.length > limit,
    location: ResultConfiguration?.OutputLocation ?? '',
    scannedBytes: Statistics?.DataScannedInBytes ?? 0,
    milliseconds: Statistics?.TotalExecutionTimeInMillis ?? 0,
  };
}
