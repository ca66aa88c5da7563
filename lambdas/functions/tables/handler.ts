import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { DeclaredTable } from '../../core/lake/empty-table.ts';
import { errorMessageOf } from '../../core/values/thrown.ts';

/** What makes tables, and who is told. */
export interface TablesDeps {
  /** Makes what is lacking of the declared tables and gives its names. */
  readonly make: (declared: readonly DeclaredTable[]) => Promise<readonly string[]>;
  /** Counts that a job came to its end: a new lake is up to date until the jobs had their time. */
  readonly countEnd: (job: string) => void;
  readonly answer: (url: string, answer: object) => Promise<void>;
  readonly info: (message: string, details: object) => void;
}

/** Makes the lake's tables when a stack is deployed. They outlive the stack with what is in them, so that deleting it does nothing here. */
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

/** A deployment that waits for an answer in vain would wait for minutes, so that every failure is one. */
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
