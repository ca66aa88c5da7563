import { CloudWatchLogsClient, DescribeLogStreamsCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetJobCommand, type GlueClient } from '@aws-sdk/client-glue';

/** Last lines of a run to show on a terminal. */
const tail = 20;

/** The last output of a run and its log group, or why it cannot be read. */
export async function printedBy(where: object, glue: GlueClient, JobName: string, runId: string): Promise<string> {
  const logGroup = await logGroupOf(glue, JobName);
  try {
    const lines = await lastLines(new CloudWatchLogsClient(where), logGroup, runId);
    return `${lines.length === 0 ? 'It printed nothing' : `Its last output:\n${lines.map((line) => `  ${line}\n`).join('')}All of it`}: ${logGroup}, ${runId}`;
  } catch (error) {
    return `Its output is in ${logGroup} (${error instanceof Error ? error.message : error})`;
  }
}

/** The last lines that a run printed; none if they cannot be read. */
export const printedLines = async (
  where: object,
  glue: GlueClient,
  { JobName, runId }: { readonly JobName: string; readonly runId: string },
): Promise<readonly string[]> =>
  lastLines(new CloudWatchLogsClient(where), await logGroupOf(glue, JobName), runId).catch(() => []);

/** The log group of a job's output if its security configuration encrypts logs. */
async function logGroupOf(glue: GlueClient, JobName: string): Promise<string> {
  const { Job } = await glue.send(new GetJobCommand({ JobName }));
  const prefix = Job?.DefaultArguments?.['--custom-logGroup-prefix'] ?? '/aws-glue/jobs';
  return `${prefix}/${Job?.SecurityConfiguration}-role/${Job?.Role?.split('/').at(-1)}/output`;
}

async function lastLines(logs: CloudWatchLogsClient, logGroupName: string, runId: string): Promise<string[]> {
  // The driver's stream sorts before those of executors, whose names are longer.
  const { logStreams: [driver] = [] } = await logs.send(
    new DescribeLogStreamsCommand({ logGroupName, logStreamNamePrefix: runId }),
  );
  if (driver?.logStreamName === undefined) return [];
  const { events = [] } = await logs.send(
    new GetLogEventsCommand({ logGroupName, logStreamName: driver.logStreamName, limit: tail, startFromHead: false }),
  );
  return events.map(({ message = '' }) => message.trimEnd());
}
