import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { config } from '../cdp.config.ts';
import { importProgress } from '../lambdas/adapters/dynamodb/import-progress.ts';
import { fileSummaries } from '../lambdas/adapters/files/file-summaries.ts';
import { output } from '../lambdas/core/contract/outputs.ts';
import { checkImport, NoSuchObject } from '../lambdas/operations/check-import.ts';
import { importStatus } from '../lambdas/operations/import-status.ts';
import { type Deployment, deployedStack, requiredOutput } from './deployment/deployed-stack.ts';
import { checkReport } from './imports/check-report.ts';
import { statusReport } from './imports/status-report.ts';
import { Misused, noneOf, onlyOne, runCommand } from './terminal/command.ts';

const usage = `npm run import -- check <file> --source <id> [--object <object>] [--shards 1] [--json]
npm run import -- status [--source <id>] [--json] [--stack Cdp] [--local]

check reads a file of this machine as the import would, by cdp.config.ts, and sends nothing: rows, faults with their lines, the calls that rows become, whom they name, and how long sending takes. It exits with 1 when nothing of the file would be sent.
status shows how far the newest files are that were put below imports/files/ in the lake's bucket.
  --source  id of a source of kind files
  --object  what the rows are, if the source has several objects
  --shards  shards of the event stream; imports use half of what these take
  --json    the same as JSON
  --stack   name of the deployed stack
  --local   the platform that npm start runs, instead of the AWS account of your credentials`;

const options = {
  source: { type: 'string' },
  object: { type: 'string' },
  shards: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
} as const;

interface Given extends Deployment {
  readonly source?: string;
  readonly object?: string;
  readonly shards: string;
  readonly json: boolean;
}

await runCommand(usage, options, async ({ values, positionals: [verb, ...words] }) => {
  if (verb === 'check') return check(onlyOne(words, 'a file'), values);
  if (verb !== 'status') throw new Misused('say check or status');
  noneOf(words);
  return status(values);
});

async function check(path: string, { source: sourceId, object, shards, json }: Given): Promise<string> {
  if (sourceId === undefined) throw new Misused('say the source of the file: --source');
  if (!/^[1-9]\d{0,4}$/.test(shards)) throw new Misused(`--shards is "${shards}", and must be a number from 1 on`);
  try {
    const checked = await checkImport(config, { path, sourceId, object, shards: Number(shards), now: Date.now() });
    if (checked.refused !== undefined) process.exitCode = 1;
    const { calls, identifiers } = checked;
    const plain = { ...checked, calls: Object.fromEntries(calls), identifiers: Object.fromEntries(identifiers) };
    return json ? JSON.stringify(plain, null, 2) : checkReport(path, checked).join('\n');
  } catch (error) {
    if (error instanceof NoSuchObject) throw new Misused(error.message);
    throw error;
  }
}

async function status({ source, json, stack, local }: Given): Promise<string> {
  const deployed = await deployedStack({ stack, local });
  const { where } = deployed;
  const bucket = requiredOutput(deployed, output.lakeBucket);
  const tableName = requiredOutput(deployed, output.profileTable);
  const progress = importProgress(DynamoDBDocumentClient.from(new DynamoDBClient(where)), tableName);
  const summaries = fileSummaries(new S3Client({ ...where, forcePathStyle: local }), bucket);
  const files = await importStatus(summaries, progress, source);
  return json ? JSON.stringify(files, null, 2) : statusReport(files).join('\n');
}
