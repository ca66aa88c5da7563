import { AthenaClient } from '@aws-sdk/client-athena';
import { GlueClient } from '@aws-sdk/client-glue';
import type { JobName } from '../lambdas/core/contract/jobs.ts';
import { jobOutput, output } from '../lambdas/core/contract/outputs.ts';
import { asTable } from './athena/result-table.ts';
import { type QueryResult, runQuery } from './athena/run-query.ts';
import { type Deployment, deployedStack, requiredOutput } from './deployment/deployed-stack.ts';
import { adviceOn } from './jobs/compare-advice.ts';
import { awaitedIn, wordsOnAccounts, wordsOnAwaited } from './jobs/compare-expected.ts';
import { printedLines } from './jobs/job-logs.ts';
import { runJob } from './jobs/run-job.ts';
import { settled } from './jobs/settled.ts';
import { exportTable } from './jobs/table-export.ts';
import { Misused, noneOf, runCommand } from './terminal/command.ts';
import { stateLine } from './terminal/state-line.ts';

const usage = `npm run compare [-- --settle-minutes 15] [--report] [--stack Cdp] [--local]

Exports the profile table, rebuilds profiles from all events in the lake, and lists the differences. It sends repairs to the
event stream, unless you ask for a report only. Compare again after the repairs were stitched.
  --settle-minutes  minutes that events may need to reach the lake: the jobs start this long after the export, and people with later events are not compared
  --report          only list the differences
  --stack           name of the deployed stack
  --local           the platform that npm start runs, instead of the AWS account of your credentials`;

const options = {
  'settle-minutes': { type: 'string', default: '15' },
  report: { type: 'boolean', default: false },
} as const;

interface Wish extends Deployment {
  readonly minutes: number;
  readonly report: boolean;
}

await runCommand(usage, options, async ({ values: { 'settle-minutes': minutes, ...values }, positionals }) => {
  noneOf(positionals);
  if (!/^\d{1,5}$/.test(minutes))
    throw new Misused(`--settle-minutes is "${minutes}", and must be a whole number from 0 to 99999`);
  return compare({ ...values, minutes: Number(minutes) });
});

async function compare({ minutes, report, ...deployment }: Wish): Promise<string> {
  const deployed = await deployedStack(deployment);
  const { where } = deployed;
  const named = (name: string) => requiredOutput(deployed, name);
  const exported = await exportTable(
    where,
    { table: named(output.profileTable), bucket: named(output.lakeBucket), key: named(output.encryptionKey) },
    stateLine('export'),
  );
  await settled(exported.ExportTime, minutes, 'events from before the export');
  const glue = new GlueClient(where);
  const asked = { '--settle-minutes': String(minutes), '--report': String(report) };
  const jobs: readonly [JobName, Record<string, string>][] = [
    ['events', {}],
    ['identities', {}],
    ['profiles', asked],
  ];
  let lines: readonly string[] = [];
  for (const [job, Arguments] of jobs) {
    const JobName = named(jobOutput(job));
    const { Id: runId = '' } = await runJob(glue, { job, JobName, Arguments }, stateLine(job));
    if (job === 'profiles') lines = await printedLines(where, glue, { JobName, runId });
  }
  const taken = exported.ExportTime;
  const found = await askFor(taken, report, where, named);
  const expected = [...wordsOnAccounts(found.ofEarlierAccounts), ...wordsOnAwaited(awaitedIn(lines, taken))];
  return [tell(taken, found.differences, report), ...expected].join('\n');
}

/** What a comparison found. */
interface Compared {
  /** Counted by kind and repair. */
  readonly differences: QueryResult;
  /** How many of them are of accounts whose events begin earlier in the lake than in the table. */
  readonly ofEarlierAccounts: number;
}

/**
 * Reads what one comparison found.
 * @throws Error when the job has not compared this export
 */
async function askFor(taken: Date, report: boolean, where: object, named: (name: string) => string): Promise<Compared> {
  const athena = new AthenaClient(where);
  const ask = (sql: string) => {
    const query = { sql, workGroup: named(output.workgroup), database: named(output.database), limit: 100 };
    return runQuery(athena, query, () => undefined, new AbortController().signal);
  };
  const at = instant(taken);
  const compared = await ask(
    `SELECT watermark FROM watermarks WHERE job = '${report ? 'report' : 'comparison'}' AND watermark = TIMESTAMP '${at}'`,
  );
  if (compared.rows.length === 0)
    throw new Error(
      `the job profiles has not compared the export of ${at}: another run was under way, or the lake has not yet read all earlier events. Compare again`,
    );
  const differences = await ask(
    `SELECT kind, repair, sent, count(*) AS differences, count(DISTINCT profile_id) AS profiles, min(profile_id) AS for_example
FROM profile_differences WHERE compared_at = TIMESTAMP '${at}' GROUP BY kind, repair, sent ORDER BY kind, repair`,
  );
  if (differences.rows.length === 0) return { differences, ofEarlierAccounts: 0 };
  const earlier = await ask(
    `SELECT count(*) AS differences FROM profile_differences WHERE compared_at = TIMESTAMP '${at}' AND profile_id IN (
SELECT profile_id FROM profile_differences WHERE compared_at = TIMESTAMP '${at}' AND collection = 'accounts' AND kind = 'first_seen' AND in_lake < in_table)`,
  );
  return { differences, ofEarlierAccounts: Number(earlier.rows[0]?.[0] ?? 0) };
}

/** The time as an SQL literal. */
function instant(time: Date): string {
  return time.toISOString().replace('T', ' ').replace('Z', '');
}

function tell(taken: Date, { columns, rows }: QueryResult, report: boolean): string {
  const at = taken.toISOString();
  if (rows.length === 0) return `The profile table of ${at} and the lake agree.`;
  const advice = adviceOn(
    rows.map(([kind, repair, sent]) => ({ kind: kind ?? '', repair: repair ?? '', sent: sent === 'true' })),
    report,
  );
  return `${asTable({ columns, rows })}\n\nThe profile table of ${at} and the lake differ. ${advice.join('\n')}\nEach difference: npm run query -- "SELECT * FROM profile_differences WHERE compared_at = TIMESTAMP '${instant(taken)}'"`;
}
