import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { config } from '../../cdp.config.ts';
import { registryTable } from '../../lambdas/adapters/dynamodb/aggregate-registry.ts';
import { profilePages } from '../../lambdas/adapters/dynamodb/profile-scan.ts';
import { destinationQueues } from '../../lambdas/adapters/queues/destination-queues.ts';
import { jittered } from '../../lambdas/adapters/streams/backoff.ts';
import { destinationQueueOutput } from '../../lambdas/core/contract/outputs.ts';
import type { ResendWish } from '../../lambdas/core/operations/resend-news.ts';
import type { Progress } from '../../lambdas/operations/lake-walk.ts';
import { progressFile } from '../../lambdas/operations/progress-file.ts';
import { type ResendDeps, resend } from '../../lambdas/operations/resend.ts';
import { newsFor, resendWish } from '../../lambdas/operations/resend-wish.ts';
import { type Deployment, deployedDestination } from '../deployment/deployed-stack.ts';
import { profileTablePlace } from '../deployment/profile-table-place.ts';
import { numberOf } from '../segments/decide.ts';
import { allParts } from '../segments/sample.ts';
import { progressLine } from '../terminal/progress-line.ts';
import { tellHowToGoOn } from '../terminal/resume-hint.ts';
import { stopRequest } from '../terminal/stop-request.ts';

/** What `npm run resend` is asked for. */
export interface Asked extends Deployment {
  readonly segment?: readonly string[];
  readonly trait?: readonly string[];
  readonly profile?: readonly string[];
  readonly 'dry-run': boolean;
  readonly 'per-second': string;
  readonly restart: boolean;
  readonly json: boolean;
}

/** Has a destination told again what is true. @throws NotTold if it is not told what was asked for */
export async function resent(id: string, asked: Asked): Promise<string> {
  const wish = resendWish(config, id, asked);
  const perSecond = numberOf('per-second', asked['per-second'], { most: 100_000 });
  const { segment, trait, profile, stack, local } = asked;
  const file = progressFile('resend', { id, segment, trait, profile, stack, local });
  const line = progressLine();
  const deps: ResendDeps = {
    ...(await placesOf(id, wish, asked)),
    parts: allParts,
    perSecond,
    newRun: randomUUID,
    load: async () => (asked.restart || asked['dry-run'] ? undefined : file.load()),
    save: file.save,
    tell: (progress) => line.show(`resend: ${toldIn(progress)} messages, ${progress.objects} of ${allParts} parts`),
    isStopped: stopRequest(),
    sleep,
    now: Date.now,
  };
  const ended = await resend(deps).catch(tellHowToGoOn(file.path));
  line.erase();
  return asked.json ? JSON.stringify(ended.counts, null, 2) : reportOf(id, ended, asked['dry-run'], perSecond);
}

/** The profile table, and the destination's queue. */
async function placesOf(
  id: string,
  wish: ResendWish,
  asked: Asked,
): Promise<Pick<ResendDeps, 'scan' | 'newsOf' | 'send'>> {
  const { documents, tableName } = await profileTablePlace(asked);
  const { where, outputs } = await deployedDestination(asked, id);
  // Not the endpoint in the queue's URL, because an emulator's own address may be another.
  const sqs = new SQSClient({ ...where, useQueueUrlAsEndpoint: false });
  const put = destinationQueues(sqs, { of: async () => outputs[destinationQueueOutput(id)], forget: () => {} });
  const { registry } = (await registryTable(documents, tableName, jittered).read()) ?? {};
  return {
    scan: ({ part, parts }) => profilePages(documents, { TableName: tableName, Segment: part, TotalSegments: parts }),
    newsOf: newsFor(config, wish, { registry, now: Date.now }),
    send: asked['dry-run']
      ? undefined
      : async (bodies) => {
          const outcome = await put(id, bodies);
          if (!outcome.ok) throw new Error(`the queue of ${id} does not take messages: ${outcome.error}`);
        },
  };
}

const toldIn = ({ counts }: Progress): number =>
  Object.entries(counts).reduce((sum, [name, count]) => sum + (/^(segment|trait) /.test(name) ? count : 0), 0);

function reportOf(id: string, progress: Progress, isRehearsal: boolean, perSecond: number): string {
  const { profiles = 0, unreadable = 0, ...told } = progress.counts;
  const sum = toldIn(progress);
  return [
    ...Object.entries(told).map(([name, count]) => `${name}: ${count}`),
    `${profiles} profiles read${unreadable > 0 ? `, and ${unreadable} that cannot be read` : ''}.`,
    isRehearsal
      ? `${id} would be told ${sum} things, within ${Math.ceil(sum / perSecond)} s at least.`
      : `${sum} messages are on the queue of ${id}, which tells what is true when it reads them.`,
  ].join('\n');
}
