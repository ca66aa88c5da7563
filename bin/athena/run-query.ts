import {
  type AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  type QueryExecution,
  type Row,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { untilFound } from '../terminal/until-found.ts';

/** The most rows that Athena gives at a time. */
const pageSize = 1000;

/** A query and where it runs. */
interface Query {
  readonly sql: string;
  readonly workGroup: string;
  readonly database: string;
}

/** The first rows of a result, each value as Athena's text. */
export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** Whether there are rows beyond the limit. */
  readonly more: boolean;
  /** Location of the whole result in S3, as CSV. */
  readonly location: string;
  readonly scannedBytes: number;
  readonly milliseconds: number;
}

/**
 * Runs a query to its end; `heard` receives each state. Aborting also stops the query in Athena.
 * @throws Error with Athena's reason
 */
export async function runQuery(
  athena: AthenaClient,
  { limit, ...query }: Query & { readonly limit: number },
  heard: (state: string) => void,
  signal: AbortSignal,
): Promise<QueryResult> {
  return readResult(athena, await endedQuery(athena, query, heard, signal), limit);
}

/**
 * Runs a query to its end and gives all its rows, page by page. Aborting also stops the query in Athena.
 * @throws Error with Athena's reason
 */
export async function* allRows(
  athena: AthenaClient,
  query: Query,
  heard: (state: string) => void,
  signal: AbortSignal,
): AsyncGenerator<QueryResult['rows']> {
  const { QueryExecutionId, StatementType } = await endedQuery(athena, query, heard, signal);
  let names = namesBefore(StatementType);
  for await (const { ResultSet } of paginateGetQueryResults({ client: athena, pageSize }, { QueryExecutionId })) {
    if (signal.aborted) throw new Error('the query was stopped');
    yield (ResultSet?.Rows ?? []).slice(names).map(valuesOf);
    names = 0;
  }
}

async function endedQuery(
  athena: AthenaClient,
  query: Query,
  heard: (state: string) => void,
  signal: AbortSignal,
): Promise<QueryExecution> {
  const { QueryExecutionId = '' } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: query.sql,
      WorkGroup: query.workGroup,
      QueryExecutionContext: { Database: query.database, Catalog: 'AwsDataCatalog' },
    }),
  );
  const execution = await untilEnded(athena, QueryExecutionId, heard, signal);
  const { State, StateChangeReason } = execution.Status ?? {};
  if (State !== 'SUCCEEDED')
    throw new Error(
      `the query ${State === 'FAILED' ? 'failed' : 'was cancelled'}: ${StateChangeReason ?? 'Athena gives no reason'}`,
    );
  return execution;
}

async function untilEnded(
  athena: AthenaClient,
  QueryExecutionId: string,
  heard: (state: string) => void,
  abortSignal: AbortSignal,
): Promise<QueryExecution> {
  const ended = async () => {
    const { QueryExecution: execution = {} } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const state = execution.Status?.State ?? 'QUEUED';
    heard(state);
    return state === 'QUEUED' || state === 'RUNNING' ? undefined : execution;
  };
  const execution = await untilFound(ended, { minDelay: 0.1, maxDelay: 1, abortSignal });
  if (execution !== undefined) return execution;
  await athena.send(new StopQueryExecutionCommand({ QueryExecutionId }));
  heard('CANCELLED');
  throw new Error('the query was stopped');
}

async function readResult(client: AthenaClient, execution: QueryExecution, limit: number): Promise<QueryResult> {
  const { QueryExecutionId, StatementType, ResultConfiguration, Statistics } = execution;
  const lines: (string | null)[][] = [];
  let columns: QueryResult['columns'] = [];
  const names = namesBefore(StatementType);
  for await (const { ResultSet } of paginateGetQueryResults({ client, pageSize }, { QueryExecutionId })) {
    columns = (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name = '', Type = '' }) => ({
      name: Name,
      type: Type,
    }));
    lines.push(...(ResultSet?.Rows ?? []).map(valuesOf));
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

const valuesOf = ({ Data = [] }: Row): (string | null)[] => Data.map(({ VarCharValue }) => VarCharValue ?? null);

/** Athena puts the names of the columns before the rows of a query, but not before those of SHOW or DESCRIBE. */
const namesBefore = (statementType: string | undefined): number => (statementType === 'DML' ? 1 : 0);
