import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { DeclaredTable } from '../../core/lake/empty-table.ts';
import { errorMessageOf } from '../../core/values/thrown.ts';

/** Everything that making the tables works with. */
interface TablesDeps {
  /** Makes the declared tables that do not exist, and returns their names. */
  readonly make: (declared: readonly DeclaredTable[]) => Promise<readonly string[]>;
  /** Counts the end of a job. A new lake counts as up to date until its jobs had time to run. */
  readonly countEnd: (job: string) => void;
  readonly answer: (url: string, answer: object) => Promise<void>;
  readonly info: (message: string, details: object) => void;
}

/**
 * Makes the lake's tables when a stack is deployed. The tables and their rows outlive the stack, so deleting the stack
 * does nothing here.
 */
export const createHandler =
  ({ make, countEnd, answer, info }: TablesDeps) =>
  async (event: CloudFormationCustomResourceEvent): Promise<void> => {
    const { RequestType, ResponseURL, StackId, RequestId, LogicalResourceId, ResourceProperties } = event;
    const whose = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: LogicalResourceId };
    const outcome =
      RequestType === 'Delete'
        ? { Status: 'SUCCESS' }
        : await made(() => make(JSON.parse(ResourceProperties.Tables) as DeclaredTable[]), info);
    if (RequestType === 'Create' && outcome.Status === 'SUCCESS')
      for (const job of JSON.parse(ResourceProperties.Ends ?? '[]') as string[]) countEnd(job);
    await answer(ResponseURL, { ...whose, ...outcome });
  };

/** Turns every failure into an answer: a deployment without an answer waits for minutes. */
async function made(
  make: () => ReturnType<TablesDeps['make']>,
  info: TablesDeps['info'],
): Promise<{ Status: string; Reason?: string }> {
  try {
    info('made tables', { tables: await make() });
    return { Status: 'SUCCESS' };
  } catch (error) {
    return { Status: 'FAILED', Reason: `the lake's tables could not be made: ${errorMessageOf(error)}` };
  }
}
