import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { errorMessageOf } from '../../core/values/thrown.ts';

/** What empties buckets, and who is told. */
export interface EmptyDeps {
  /** Whether the whole stack is on its way out, and not only this resource of it. */
  readonly isGoing: (stackId: string) => Promise<boolean>;
  /** Removes all that a bucket holds; false when some of it is left, for time is up. */
  readonly empty: (bucketArn: string, until: number) => Promise<boolean>;
  readonly answer: (url: string, answer: object) => Promise<void>;
  readonly info: (message: string, details: object) => void;
  readonly now: () => number;
}

/** The part of Lambda's context that it needs. */
export interface TimeLeft {
  getRemainingTimeInMillis(): number;
}

/** Milliseconds of the function's time that are kept for the answer: without one, CloudFormation would wait for an hour. */
const reserve = 30_000;

/** Empties buckets when their stack is deleted, so that they can be. An update that takes this resource out of a stack that lives on empties nothing. */
export const createHandler =
  ({ isGoing, empty, answer, info, now }: EmptyDeps) =>
  async (event: CloudFormationCustomResourceEvent, context: TimeLeft): Promise<void> => {
    const { RequestType, ResponseURL, StackId, RequestId, LogicalResourceId, ResourceProperties } = event;
    const emptied = async () => {
      const buckets = ResourceProperties.Buckets as readonly string[];
      const until = now() + context.getRemainingTimeInMillis() - reserve;
      const left = await Promise.all(buckets.map(async (bucket) => ((await empty(bucket, until)) ? [] : [bucket])));
      info('emptied buckets', { buckets, left: left.flat() });
      if (left.flat().length > 0)
        throw new Error(
          `they hold more than can be removed at once; delete the stack again: ${left.flat().join(', ')}`,
        );
    };
    const outcome = await told(async () => {
      if (RequestType === 'Delete' && (await isGoing(StackId))) await emptied();
    });
    await answer(ResponseURL, {
      StackId,
      RequestId,
      LogicalResourceId,
      PhysicalResourceId: LogicalResourceId,
      ...outcome,
    });
  };

async function told(work: () => Promise<void>): Promise<{ Status: string; Reason?: string }> {
  try {
    await work();
    return { Status: 'SUCCESS' };
  } catch (error) {
    return { Status: 'FAILED', Reason: `the buckets could not be emptied: ${errorMessageOf(error)}` };
  }
}
