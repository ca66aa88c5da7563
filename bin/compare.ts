import { setTimeout as sleep } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { GlueClient } from '@aws-sdk/client-glue';
import type { JobName } from '../lambdas/core/contract/jobs.ts';
import { jobOutput, output } from '../lambdas/core/contract/outputs.ts';
import { asTable } from './athena/answer-table.ts';
import { type Answer, runQuery } from './athena/run-query.ts';
import { type DeployedStack, type Deployment, deployedStack } from './deployment/deployed-stack.ts';
import { adviceOn } from './jobs/compare-advice.ts';
import { runJob } from './jobs/run-job.ts';
import { exportTable } from './jobs/table-export.ts';
import { Misused, noneOf, runCommand } from './terminal/command.ts';
import { stateLine } from './terminal/state-line.ts';

const usage = `npm run compare [-- --settle-minutes 15] [--report] [--stack Cdp] [--local]

Exports the profile table, makes profiles from all events, and reports where the two differ. What mends a difference is sent to the
event stream, unless it is only to be reported; compare again when it has been stitched.
  --settle-minutes  how long events may take to the lake: the jobs begin so long after the export, and people with events so shortly before it are not compared
  --report          send nothing
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
  const { where, outputs } = await deployedStack(deployment);
  const named = namesIn(outputs, deployment.stack);
  const exported = await exportTable(
    where,
    { table: named(output.profileTable), bucket: named(output.lakeBucket), key: named(output.encryptionKey) },
    stateLine('export'),
  );
  await settled(exported.ExportTime, minutes);
  const glue = new GlueClient(where);
  const asked = { '--settle-minutes': String(minutes), '--report': String(report) };
  const jobs: readonly [JobName, Record<string, string>][] = [
    ['events', {}],
    ['identities', {}],
    ['profiles', asked],
  ];
  for (const [job, Arguments] of jobs)
    await runJob(glue, { job, JobName: named(jobOutput(job)), Arguments }, stateLine(job));
  return tell(exported.ExportTime, await askFor(exported.ExportTime, report, where, named), report);
}

/** Waits until what was received before the export has had its time to come to the lake. */
async function settled(taken: Date, minutes: number): Promise<void> {
  const until = new Date(taken.getTime() + minutes * 60_000);
  if (until.getTime() <= Date.now()) return;
  console.error(`waiting until ${until.toISOString()} for what was received before the export to come to the lake`);
  await sleep(until.getTime() - Date.now());
}

function namesIn(outputs: DeployedStack['outputs'], stack: string): (name: string) => string {
  return (name) => {
    const value = outputs[name];
    if (value === undefined) throw new Error(`the stack ${stack} has no output ${name}; redeploy it from this version`);
    return value;
  };
}

/** Differences of one comparison, counted by their kind and by what was sent. @throws Error when the job has compared another export, or none */
async function askFor(taken: Date, report: boolean, where: object, named: (name: string) => string): Promise<Answer> {
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
      `the job profiles has not compared the export of ${at}; another of its runs may have been under way, or the lake has not read all that was received before`,
    );
  return ask(`SELECT kind, repair, sent, count(*) AS differences, count(DISTINCT profile_id) AS profiles, min(profile_id) AS for_example
FROM profile_differences WHERE compared_at = TIMESTAMP '${at}' GROUP BY kind, repair, sent ORDER BY kind, repair`);
}

/** As SQL writes a time. */
function instant(time: Date): string {
  return time.toISOString().replace('T', ' ').replace('Z', '');
}

function tell(taken: Date, { columns, rows }: Answer, report: boolean): string {
  const at = taken.toISOString();
  if (rows.length === 0) return `The profile table of ${at} and the lake say the same.`;
  const advice = adviceOn(
    rows.map(([kind, repair, sent]) => ({ kind: kind ?? '', repair: repair ?? '', sent: sent === 'true' })),
    report,
  );
  return `${asTable({ columns, rows })}\n\nThe profile table of ${at} and the lake do not say the same. ${advice.join('\n')}\nEach difference: npm run query -- "SELECT * FROM profile_differences WHERE compared_at = TIMESTAMP '${instant(taken)}'"`;
}
