import { SQSClient } from '@aws-sdk/client-sqs';
import { sqsQueue } from '../../../adapters/destinations/native/sqs-queue.ts';
import { regionOf } from '../../../core/destinations/native-kinds.ts';
import { kindOf, withoutSecret } from './kind.ts';

/** A queue of SQS. */
export const kind = kindOf('sqs', ({ queue }) => withoutSecret(sqsQueue(new SQSClient(regionOf(queue)), queue)));
