import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { readPieceKey } from '../../core/imports/load.ts';
import { isManifestKey } from '../../core/imports/staged-record.ts';
import { type PieceEnd, type SendPieceDeps, sendPiece } from './send-piece.ts';
import { type StartRecordsDeps, startRecords } from './start-records.ts';
import { type TakeFileDeps, takeFile } from './take-file.ts';

/** Everything that import works with. */
export interface ImportDeps extends SendPieceDeps, StartRecordsDeps, TakeFileDeps {
  /** Hides a message from the queue for some seconds. */
  readonly hide: (receiptHandle: string, seconds: number) => Promise<void>;
}

/** What EventBridge says of an object of S3. */
const Created = z.object({
  detail: z.object({ object: z.object({ key: z.string(), 'version-id': z.string().optional() }) }),
});

/** What the handler needs to know about its invocation. */
type TimeLeft = Pick<Context, 'getRemainingTimeInMillis'>;

/** Milliseconds that a step takes at most. */
const timeForAStep = 60_000;

/** Seconds until a message that failed comes again, and at most. */
const firstWait = 15;
const longestWait = 900;

/**
 * Takes objects of imports, one message each. A message stays until its object is done: it comes again after a failure,
 * later each time, and after many it is a dead letter.
 */
export const createHandler =
  (deps: ImportDeps) =>
  async ({ Records }: SQSEvent, context: TimeLeft): Promise<SQSBatchResponse> => {
    const hasTime = () => context.getRemainingTimeInMillis() > timeForAStep;
    const again: SQSRecord[] = [];
    for (const record of Records) {
      const end = await take(record, hasTime, deps);
      if (end.kind === 'done') continue;
      await hideUntil(record, end.until, deps);
      again.push(record);
    }
    return { batchItemFailures: again.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };

/** @throws what went wrong, after the message is put off */
async function take(record: SQSRecord, hasTime: () => boolean, deps: ImportDeps): Promise<PieceEnd> {
  try {
    const { object } = Created.parse(JSON.parse(record.body)).detail;
    const { key, 'version-id': versionId } = object;
    if (isManifestKey(key)) return await startRecords(key, deps);
    const piece = readPieceKey(key);
    if (piece !== undefined) return await sendPiece(piece, { versionId, hasTime }, deps);
    return await takeFile(key, versionId, deps);
  } catch (error) {
    const tries = Number(record.attributes.ApproximateReceiveCount);
    await deps.hide(record.receiptHandle, Math.min(longestWait, firstWait * 2 ** Math.min(tries - 1, 10)));
    throw error;
  }
}

const hideUntil = ({ receiptHandle }: SQSRecord, until: number, { hide, now }: ImportDeps): Promise<void> =>
  hide(receiptHandle, Math.max(1, Math.ceil((until - now()) / 1_000)));
