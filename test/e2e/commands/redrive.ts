import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { deliveryQueue } from '../observed/queues.ts';
import { asOwner, platform } from '../platform/deployment.ts';

/** What the command tells of a place, listed or sent. */
interface Place {
  readonly what: string;
  readonly count: number;
  readonly reasons: readonly (readonly [string, number])[];
  readonly sent: number;
  readonly left: readonly { readonly name: string; readonly why: string }[];
}

interface Redriven {
  readonly code: number;
  readonly places: ReadonlyMap<string, Place>;
  readonly text: string;
}

let folder: string | undefined;

/** Runs `npm run redrive` about the platform of the tests. */
export function redrive(...args: readonly string[]): Promise<Redriven> {
  folder ??= mkdtempSync(join(tmpdir(), 'redrive-'));
  writeFileSync(join(folder, 'outputs.json'), JSON.stringify({ emulatorUrl: platform.emulatorUrl }));
  return run([...args, '--local'], { CDP_LOCAL_DIRECTORY: folder });
}

/**
 * Runs it as it runs against an account: with credentials of its caller, by the address of AWS, which here is the
 * emulator's.
 */
export const redriveAs = (credentials: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<Redriven> =>
  run(args, { ...credentials, AWS_ENDPOINT_URL: platform.emulatorUrl, AWS_REGION: asOwner.region });

async function run(args: readonly string[], more: NodeJS.ProcessEnv): Promise<Redriven> {
  const running = promisify(execFile)('npm', ['run', '--silent', 'redrive', '--', ...args, '--json'], {
    env: { ...process.env, ...more },
  });
  const {
    code = 0,
    stdout,
    stderr,
  } = (await running.catch((error) => error)) as { code?: number; stdout: string; stderr: string };
  const places = stdout.startsWith('[') ? (JSON.parse(stdout) as Place[]) : [];
  return { code, places: new Map(places.map((place) => [place.what, place])), text: `${stdout}${stderr}` };
}

/** The dead letters of the destination `crm`, found by its queue. */
export async function deadLettersUrl(): Promise<string> {
  const sqs = new SQSClient(asOwner);
  const { url: QueueUrl } = await deliveryQueue();
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] }));
  const { deadLetterTargetArn } = JSON.parse(Attributes?.RedrivePolicy ?? '{}') as { deadLetterTargetArn: string };
  const { QueueUrl: letters = '' } = await sqs.send(
    new GetQueueUrlCommand({ QueueName: deadLetterTargetArn.split(':').at(-1) }),
  );
  return letters;
}
