import { CloudWatchLogsClient, DescribeLogStreamsCommand, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetJobCommand, type GlueClient } from '@aws-sdk/client-glue';

/** How many lines of a run are worth a terminal. */
const tail = 20;

/** What a run printed last, and in which log group the rest is; if that cannot be read, why. */
export async function printedBy(where: object, glue: GlueClient, JobName: string, runId: string): Promise<string> {
  const group = await groupOf(glue, JobName);
  try {
    const lines = await lastLines(new CloudWatchLogsClient(where), group, runId);
    return `${lines.length === 0 ? 'It printed nothing' : `The last it printed:\n${lines.map((line) => `  ${line}\n`).join('')}All of it`}: ${group}, ${runId}`;
  } catch (error) {
    return `Its output is in ${group} (${error instanceof Error ? error.message : error})`;
  }
}

/** The group that Glue gives what a job prints, where its security configuration encrypts logs. */
async function groupOf(glue: GlueClient, JobName: string): Promise<string> {
  const { Job } = await glue.send(new GetJobCommand({ JobName }));
  const prefix = Job?.DefaultArguments?.['--custom-logGroup-prefix'] ?? '/aws-glue/jobs';
  return `${prefix}/${Job?.SecurityConfiguration}-role/${Job?.Role?.split('/').at(-1)}/output`;
}

async function lastLines(logs: CloudWatchLogsClient, logGroupName: string, runId: string): Promise<string[]> {
  // The driver's stream comes before those of executors, which have a name of their own behind the run's.
  const { logStreams: [driver] = [] } = await logs.send(
    new DescribeLogStreamsCommand({ logGroupName, logStreamNamePrefix: runId }),
  );
  if (driver?.logStreamName === undefined) return [];
  const { events = [] } = await logs.send(
    new GetLogEventsCommand({ logGroupName, logStreamName: driver.logStreamName, limit: tail, startFromHead: false }),
  );
  return events.map(({ message = '' }) => message.trimEnd());
}
