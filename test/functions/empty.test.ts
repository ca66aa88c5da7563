import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../lambdas/functions/empty/handler.ts';

const Buckets = ['arn:aws:s3:::lake', 'arn:aws:s3:::logs'];
const eventOf = (RequestType: string) =>
  ({
    RequestType,
    ResponseURL: 'https://stack.example/answer',
    StackId: 's',
    RequestId: 'r',
    LogicalResourceId: 'Emptied',
    ResourceProperties: { ServiceToken: 'arn', Buckets },
  }) as unknown as CloudFormationCustomResourceEvent;

interface Circumstances {
  readonly going?: boolean;
  readonly empty?: (bucket: string) => Promise<boolean>;
}

/** Runs the handler once, with a minute left; gives what CloudFormation was told, what was emptied and until when. */
async function run(type: string, { going = true, empty = async () => true }: Circumstances = {}) {
  const answers: object[] = [];
  const emptied: [string, number][] = [];
  const handle = createHandler({
    isGoing: async () => going,
    empty: (bucket, until) => {
      emptied.push([bucket, until]);
      return empty(bucket);
    },
    answer: async (_, answer) => void answers.push(answer),
    info: () => {},
    now: () => 1_000_000,
  });
  await handle(eventOf(type), { getRemainingTimeInMillis: () => 60_000 });
  return { answers, emptied };
}

const whose = { StackId: 's', RequestId: 'r', LogicalResourceId: 'Emptied', PhysicalResourceId: 'Emptied' };
const fine = { answers: [{ ...whose, Status: 'SUCCESS' }] };
const failed = (reason: string) => [
  { ...whose, Status: 'FAILED', Reason: `the buckets could not be emptied: ${reason}` },
];

describe('buckets are emptied', () => {
  it('when the stack is deleted, with time left for the answer', async () => {
    expect(await run('Delete')).toEqual({ ...fine, emptied: Buckets.map((bucket) => [bucket, 1_030_000]) });
  });

  it.each(['Create', 'Update'])('never while it lives (%s)', async (type) =>
    expect(await run(type)).toEqual({ ...fine, emptied: [] }),
  );

  it('never when an update takes the resource out of a stack that lives on', async () => {
    expect(await run('Delete', { going: false })).toEqual({ ...fine, emptied: [] });
  });
});

describe('the deletion fails with a reason and does not hang', () => {
  it('when there is more than can be removed at once, and names the bucket', async () => {
    const { answers } = await run('Delete', { empty: async (bucket) => bucket !== Buckets[1] });
    expect(answers).toEqual(
      failed('they hold more than can be removed at once; delete the stack again: arn:aws:s3:::logs'),
    );
  });

  it('when S3 refuses', async () => {
    const refused = () => Promise.reject(new Error('S3 refused to remove an object: AccessDenied'));
    expect((await run('Delete', { empty: refused })).answers).toEqual(
      failed('S3 refused to remove an object: AccessDenied'),
    );
  });
});
