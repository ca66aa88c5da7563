import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { npmRun } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { rawEvents } from '../observed/lake.ts';
import { profileOf } from '../observed/profiles.ts';
import { post } from '../observed/requests.ts';
import { unique } from '../platform/deployment.ts';

const run = async (script: string, ...args: string[]): Promise<string> =>
  (await npmRun(script, ...args, '--local')).stdout;
const [ann, bob, tablet] = [unique('access-ann'), unique('access-bob'), unique('access-tablet')];

interface Report {
  readonly people: readonly { readonly identifiers: readonly { readonly type: string; readonly value: string }[] }[];
  readonly events: { readonly problem: null; readonly rows: readonly { readonly messageId: string }[] };
}

it('a person who asks gets everything that profiles and the lake have of them, and nothing of a friend on their tablet', async () => {
  await post('/v1/identify', {
    ...{ userId: ann, anonymousId: tablet, messageId: `${ann}-1` },
    traits: { email: `${ann}@example.com`, name: '<b>Ann</b>' },
  });
  await eventually(() => profileOf(`user_id:${ann}`));
  await post('/v1/track', { userId: ann, anonymousId: tablet, messageId: `${ann}-2`, event: 'Looked' });
  const shown = { says: `${bob} was here`, on: tablet };
  await post('/v1/track', {
    userId: bob,
    anonymousId: tablet,
    messageId: `${bob}-1`,
    event: 'Looked',
    properties: shown,
  });
  const sent = [`${ann}-1`, `${ann}-2`, `${bob}-1`];
  await eventually(
    async () => expect((await rawEvents()).map(({ messageId }) => messageId)).toEqual(expect.arrayContaining(sent)),
    { within: 90_000 },
  );
  await eventually(() => profileOf(`user_id:${bob}`));
  await run('job', 'events');
  await run('job', 'identities');
  const to = await mkdtemp(join(tmpdir(), 'access-'));

  /** Files a request, writes the report and answers; the report, and its page. */
  const reportOf = async (userId: string) => {
    const [{ requestId, state }] = JSON.parse(
      await run('privacy', 'file', 'access', `user_id:${userId}`, '--yes', '--json'),
    ) as [{ requestId: string; state: string }];
    expect(state).toBe('waiting');
    const said = await run('privacy', 'report', requestId, '--to', to);
    expect(said).not.toContain('MISSING');
    await expect(run('privacy', 'report', requestId, '--to', to)).rejects.toThrow('is not overwritten');
    expect((await stat(join(to, `${requestId}.json`))).mode & 0o777).toBe(0o600);
    expect(await run('privacy', 'answer', requestId)).toContain('access, completed at');
    const text = await readFile(join(to, `${requestId}.json`), 'utf8');
    const page = await readFile(join(to, `${requestId}.html`), 'utf8');
    return { text, page, report: JSON.parse(text) as Report };
  };

  const ofAnn = await reportOf(ann);
  expect(ofAnn.report.events.rows.map(({ messageId }) => messageId)).toEqual([`${ann}-2`, `${ann}-1`]);
  expect(ofAnn.report.people[0]?.identifiers.map(({ value }) => value).sort()).toEqual(
    [ann, `${ann}@example.com`, tablet].sort(),
  );
  expect(ofAnn.text).not.toContain(bob);
  expect(ofAnn.page).toContain('&lt;b&gt;Ann&lt;/b&gt;');
  expect(ofAnn.page).toContain('Article 15(1)(h)');

  const ofBob = await reportOf(bob);
  expect(ofBob.report.events.rows.map(({ messageId }) => messageId)).toEqual([`${bob}-1`]);
  expect(ofBob.text).toContain(`${bob} was here`);
  expect(ofBob.text).not.toContain(ann);
  expect(ofBob.text).not.toContain(tablet);
}, 600_000);
