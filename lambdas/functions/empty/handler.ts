import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { errorMessageOf } from '../../core/values/thrown.ts';

/** Everything that emptying the buckets works with. */
interface EmptyDeps {
  /** Whether the whole stack is being deleted, and not this resource alone. */
  readonly isGoing: (stackId: string) => Promise<boolean>;
  /** Removes all objects of a bucket. Returns false when the time ended first. */
  readonly empty: (bucketArn: string, until: number) => Promise<boolean>;
  readonly answer: (url: string, answer: object) => Promise<void>;
  readonly info: (message: string, details: object) => void;
  readonly now: () => number;
}

/** The part of Lambda's context that this function needs. */
interface TimeLeft {
  getRemainingTimeInMillis(): number;
}

/**
 * Milliseconds of the function's time that are kept for the answer. Without an answer, CloudFormation waits for an
 * hour.
 */
const reserve = 30_000;

/**
 * Empties the buckets when their stack is deleted, because CloudFormation deletes only empty buckets. An update that
 * removes this resource from a stack empties nothing.
 */
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
