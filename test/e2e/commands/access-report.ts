import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { npmRun } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { rawEvents } from '../observed/lake.ts';
import { profileOf } from '../observed/profiles.ts';
import { post } from '../observed/requests.ts';
import { unique } from '../platform/deployment.ts';

const run = async (...args: string[]): Promise<string> => (await npmRun('privacy', ...args, '--local')).stdout;

/** Ann and Bob, who share a tablet, and ask what is stored about them. */
export const [ann, bob, tablet] = [unique('access-ann'), unique('access-bob'), unique('access-tablet')];

/** Ann comes, then Bob on her tablet, and the lake's bucket has what they said. */
export async function askersCome(): Promise<void> {
  await post('/v1/identify', {
    ...{ userId: ann, anonymousId: tablet, messageId: `${ann}-1` },
    traits: { email: `${ann}@example.com`, name: '<b>Ann</b>' },
  });
  await eventually(() => profileOf(`user_id:${ann}`));
  await post('/v1/track', { userId: ann, anonymousId: tablet, messageId: `${ann}-2`, event: 'Looked' });
  const shown = { says: `${bob} was here`, on: tablet };
  const looks = { userId: bob, anonymousId: tablet, messageId: `${bob}-1`, event: 'Looked', properties: shown };
  await post('/v1/track', looks);
  const sent = [`${ann}-1`, `${ann}-2`, `${bob}-1`];
  await eventually(async () =>
    expect((await rawEvents()).map(({ messageId }) => messageId)).toEqual(expect.arrayContaining(sent)),
  );
  await eventually(() => profileOf(`user_id:${bob}`));
}

interface Report {
  readonly people: readonly { readonly identifiers: readonly { readonly type: string; readonly value: string }[] }[];
  readonly events: { readonly problem: null; readonly rows: readonly { readonly messageId: string }[] };
}

/** Files a request, writes the report and answers; the report, and its page. */
export async function reportOf(userId: string) {
  const to = await mkdtemp(join(tmpdir(), 'access-'));
  const [{ requestId, state }] = JSON.parse(await run('file', 'access', `user_id:${userId}`, '--yes', '--json')) as [
    { requestId: string; state: string },
  ];
  expect(state).toBe('waiting');
  const said = await run('report', requestId, '--to', to);
  expect(said).not.toContain('MISSING');
  await expect(run('report', requestId, '--to', to)).rejects.toThrow('is not overwritten');
  expect((await stat(join(to, `${requestId}.json`))).mode & 0o777).toBe(0o600);
  expect(await run('answer', requestId)).toContain('access, completed at');
  const text = await readFile(join(to, `${requestId}.json`), 'utf8');
  const page = await readFile(join(to, `${requestId}.html`), 'utf8');
  return { text, page, report: JSON.parse(text) as Report };
}
