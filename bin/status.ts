import { type Deployment, deployedStack } from './deployment/deployed-stack.ts';
import { destinationOf, stackResources } from './deployment/stack-resources.ts';
import { failedBatches, lake, quarantine } from './status/lake.ts';
import { alarms, behind, destinations, type Surroundings } from './status/readings.ts';
import { couldNotBeRead, type Finding, statusReport } from './status/report.ts';
import { sources } from './status/sources.ts';
import { noneOf, runCommand } from './terminal/command.ts';

const usage = `npm run status [-- --json] [--stack Cdp] [--local]

Shows the state of the platform: how far each part is behind, what came from each source, was refused or is late, and how its last run or file ended, failed deliveries and batches, the quarantine of the last day, the last run of each job, and ringing alarms.
It exits with 1 when something is wrong.
  --json   the same as JSON
  --stack  name of the deployed stack
  --local  the platform that npm start runs, instead of the AWS account of your credentials`;

const readings: Readonly<Record<string, (surroundings: Surroundings) => Promise<Finding[]>>> = {
  stitch: (surroundings) => behind('stitch', surroundings, 'StitchingStitch'),
  publish: (surroundings) => behind('publish', surroundings, 'SegmentsPublish'),
  sources,
  destinations,
  'failed batches': failedBatches,
  quarantine,
  lake,
  alarms,
};

await runCommand(
  usage,
  { json: { type: 'boolean', default: false } },
  async ({ values: { json, ...deployment }, positionals }) => {
    noneOf(positionals);
    const findings = await read(deployment);
    if (findings.some(({ wrong }) => wrong !== undefined)) process.exitCode = 1;
    return json ? JSON.stringify(findings, null, 2) : statusReport(findings);
  },
);

/**
 * Reads all parts at once. A part that cannot be read, e.g. because a permission is missing, counts as wrong and hides
 * no other.
 */
async function read(deployment: Deployment): Promise<Finding[]> {
  const deployed = await deployedStack(deployment);
  const unlisted: Finding[] = [];
  const resources = await stackResources(deployed.where, deployment.stack, ({ logicalId }, error) =>
    unlisted.push(couldNotBeRead(`destination ${destinationOf({ within: logicalId }) ?? logicalId}`, error)),
  );
  const surroundings = { ...deployed, resources, now: Date.now() };
  const parts = Object.entries(readings).map(async ([part, reading]) => {
    try {
      return await reading(surroundings);
    } catch (error) {
      return [couldNotBeRead(part, error)];
    }
  });
  return [...(await Promise.all(parts)).flat(), ...unlisted];
}
