import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, describe, expect, it } from 'vitest';
import { destinationDeadLettersOutput } from '../../../lambdas/core/contract/outputs.ts';
import { eventually } from '../observed/eventually.ts';
import { profileOf } from '../observed/profiles.ts';
import { post } from '../observed/requests.ts';
import { asOwner, platform, unique } from '../platform/deployment.ts';

const folder = mkdtempSync(join(tmpdir(), 'status-'));
writeFileSync(join(folder, 'outputs.json'), JSON.stringify({ emulatorUrl: platform.emulatorUrl }));
afterAll(() => rmSync(folder, { recursive: true }));

interface Status {
  readonly code: number;
  readonly findings: readonly { readonly part: string; readonly state: string; readonly wrong?: string }[];
}

async function status(): Promise<Status> {
  const env = { ...process.env, CDP_LOCAL_DIRECTORY: folder };
  const run = promisify(execFile)('npm', ['run', '--silent', 'status', '--', '--local', '--json'], { env });
  const { code = 0, stdout } = (await run.catch((error) => error)) as { code?: number; stdout: string };
  return { code, findings: JSON.parse(stdout) };
}

describe('npm run status', () => {
  it('tells how far each part is behind, and what was put aside, by its reason', async () => {
    const userId = unique('status');
    await post('/v1/batch', {
      batch: [
        { type: 'identify', userId, traits: { newsletter: true } },
        { type: 'nonsense', userId },
      ],
    });
    await eventually(async () => expect(await profileOf(`user_id:${userId}`)).toMatchObject({ eventCount: 1 }));
    await eventually(async () => {
      const { findings } = await status();
      expect(findings).toEqual(
        expect.arrayContaining([
          { part: 'stitch', state: expect.stringMatching(/^\d+ s behind$/) },
          { part: 'publish', state: expect.stringMatching(/^\d+ s behind$/) },
          { part: '', state: expect.stringMatching(/^\d+ collect: type /) },
          expect.objectContaining({ part: 'job maintain', state: expect.any(String) }),
        ]),
      );
      expect(findings.find(({ part }) => part === 'lake')?.state).toMatch(
        /^\d+ objects of the raw zone are not read yet; the job events /,
      );
      expect(findings.find(({ part }) => part === 'alarms')?.state).toMatch(/^\d+ of \d\d ring$/);
      expect(findings.filter(({ state }) => state === 'could not be read')).toEqual([]);
    });
  });

  it('ends with 1 and says so when deliveries were given up', async () => {
    const sqs = new SQSClient(asOwner);
    const QueueUrl = platform.stack[destinationDeadLettersOutput('crm')];
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"detail":{}}' }));
    const { code, findings } = await status();
    expect(code).toBe(1);
    expect(findings.find(({ part }) => part === 'destination Crm')).toMatchObject({
      state: expect.stringMatching(/dead letters$/),
      wrong: expect.stringContaining('given up'),
    });
    const { Messages: [letter] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1 }));
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: letter?.ReceiptHandle }));
  });
});
