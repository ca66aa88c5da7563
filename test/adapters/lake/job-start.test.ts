import {
  ConcurrentRunsExceededException,
  EntityNotFoundException,
  GlueClient,
  StartJobRunCommand,
} from '@aws-sdk/client-glue';
import { expect, it } from 'vitest';
import { splitJob } from '../../../lambdas/adapters/files/split-job.ts';
import { jobStart } from '../../../lambdas/adapters/lake/job-start.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const glue = mockClient(GlueClient);
const start = jobStart(new GlueClient(), () => 'job');
const about = { message: 'm', $metadata: {} };

it('a job is started, unless a run of it is at work; anything else is thrown', async () => {
  glue
    .on(StartJobRunCommand)
    .resolvesOnce({ JobRunId: 'jr' })
    .rejectsOnce(new ConcurrentRunsExceededException(about))
    .rejectsOnce(new EntityNotFoundException(about));
  expect([await start(), await start()]).toEqual([true, false]);
  await expect(start()).rejects.toThrow(EntityNotFoundException);
});

it('the job that splits a file is told which version', async () => {
  glue.reset();
  glue.on(StartJobRunCommand).resolves({ JobRunId: 'jr' });
  await splitJob(start)({ key: 'k', version: 'v' });
  await splitJob(start)({ key: 'k', version: undefined });
  expect(glue.commandCalls(StartJobRunCommand).map(({ args }) => args[0].input)).toEqual([
    { JobName: 'job', Arguments: { '--key': 'k', '--version': 'v' } },
    { JobName: 'job', Arguments: { '--key': 'k' } },
  ]);
});
