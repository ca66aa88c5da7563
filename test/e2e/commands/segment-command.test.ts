import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { npmRun } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { identityLog } from '../observed/lake.ts';
import { profileOf } from '../observed/profiles.ts';
import { post } from '../observed/requests.ts';
import { unique } from '../platform/deployment.ts';

const segment = async (...args: string[]): Promise<string> => (await npmRun('segment', ...args, '--local')).stdout;

const userId = unique('reader');
const email = `${userId}@example.com`;
beforeAll(async () => {
  await post('/v1/identify', { userId, traits: { email, newsletter: true } });
  await eventually(async () => expect(await profileOf(`user_id:${userId}`)).toMatchObject({ eventCount: 1 }));
});

describe('npm run segment', () => {
  it('explains why a person is in a segment, part by part', async () => {
    const { profileId } = await profileOf(`user_id:${userId}`);
    const told = JSON.parse(await segment('explain', 'newsletter', `email:${email.toUpperCase()}`, '--json'));
    expect(told).toMatchObject({
      ...{ segment: 'newsletter', profileId, memberSince: expect.any(String), isDecidedByThese: true },
      reason: {
        ...{ rule: 'all of', isTrue: true, flipsAt: null },
        parts: [
          {
            rule: 'all of',
            parts: [
              { rule: 'trait "email" exists', isTrue: true, values: [{ what: 'trait email', value: email }] },
              { rule: 'trait "newsletter" is true', isTrue: true, values: [{ what: 'trait newsletter', value: true }] },
            ],
          },
          // They do not refuse profiles.
          { isTrue: true },
        ],
      },
    });
    expect(await segment('explain', 'newsletter', profileId)).toMatch(
      new RegExp(`^${profileId} is in newsletter [\\s\\S]*\\n {10}yes {2}trait "newsletter" is true\\n`),
    );
  });

  it('explains why a person is in none', async () =>
    expect(await segment('explain', 'big_spenders', `user_id:${userId}`)).toMatch(
      /is not in big_spenders [\s\S]*does not have it in the segment\.\n\nno {3}all of\n {5}no {3}trait .*\n +trait lifetime_value: none/,
    ));

  it('asks the lake for sizes and history', async () => {
    const sizes = JSON.parse(await segment('status', '--json'));
    expect(sizes.map((size: { segment: string }) => size.segment)).toContain('newsletter');
    expect(JSON.parse(await segment('history', 'newsletter', '--json'))).toEqual(expect.any(Array));
    expect(JSON.parse(await segment('history', 'newsletter', '--by', 'day', '--json'))).toEqual(expect.any(Array));
  });

  it('finds each entry in the log of the lake, with the time of its write', async () => {
    const { profileId } = await profileOf(`user_id:${userId}`);
    await eventually(async () => {
      const entries = (await identityLog()).filter((line) => line.kind === 'enter' && line.profileId === profileId);
      expect(entries).toEqual([expect.objectContaining({ rule: 'newsletter', at: expect.stringMatching(/\.000Z$/) })]);
    });
  });

  it('puts the people of a file on a list', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'list-')), 'list.csv');
    writeFileSync(file, `user_id,email\n${userId},${email}\n,nobody\n`);
    const failure = await segment('upload', 'readers', file).catch((error) => error);
    expect(failure).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        /^Sent to the list readers: 1 people added, 0 removed, 1 lines that name nobody\.\n {2}line 3: userId/,
      ),
    });
    await eventually(async () => expect(await profileOf(`user_id:${userId}`)).toMatchObject({ eventCount: 2 }));
  });

  it('reads the whole table to tell what would change, and has nothing to apply', async () => {
    const told = JSON.parse(await segment('preview', '--json'));
    expect(told).toMatchObject({
      share: 1,
      outdated: 0,
      failed: 0,
      segments: { newsletter: { entered: 0, exited: 0 } },
    });
    expect(told.people).toBeGreaterThan(0);
    expect(told.segments.newsletter.members).toBeGreaterThan(0);
    expect(await segment('preview', 'newsletter', '--sample', '50')).toContain('Nothing is to be applied.');
    expect(JSON.parse(await segment('apply', '--json'))).toMatchObject({ written: 0, outdated: 0, stopped: false });
  });

  it.each([
    { args: ['explain', 'newsletter', 'user_id:nobody'], code: 1, says: 'there is no such profile' },
    { args: ['explain', 'newsletter', 'ann'], code: 1, says: 'name the profile as type:value' },
    { args: ['history', 'nope'], code: 2, says: 'cdp.config.ts defines: ' },
    { args: ['status', '--stack', 'Nowhere'], code: 1, says: 'Nowhere' },
  ])('answers $args with: $says', async ({ args, code, says }) => {
    const failure = (await segment(...args).catch((error) => error)) as { code: number; stderr: string };
    expect([failure.code, failure.stderr]).toEqual([code, expect.stringContaining(says)]);
  });
});
