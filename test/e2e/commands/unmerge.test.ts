import { Analytics } from '@segment/analytics-node';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { profileOf } from '../observed/profiles.ts';
import { platform, unique } from '../platform/deployment.ts';

const analytics = new Analytics({ writeKey: platform.writeKey, host: platform.ingestUrl, flushAt: 1 });
afterAll(() => analytics.closeAndFlush());

const ann = unique('ann');
const phone = unique('bobs-phone');
const bob = `${unique('bob')}@example.com`;
/** What a clerk typed wrongly: Ann's order with Bob's address. */
const mixUp = () => analytics.identify({ userId: ann, traits: { email: bob } });
const countOf = async (identifier: string): Promise<number> => (await profileOf(identifier)).eventCount;

describe('two people who were wrongly made one', () => {
  it('are explained, parted, and stay apart', async () => {
    analytics.identify({ userId: ann, traits: { first_name: 'Ann' } });
    await eventually(async () => expect(await countOf(`user_id:${ann}`)).toBe(1));
    analytics.identify({ anonymousId: phone, traits: { email: bob, first_name: 'Bob', newsletter: true } });
    await eventually(async () => expect(await countOf(`email:${bob}`)).toBe(1));
    mixUp();
    await eventually(async () => expect(await countOf(`user_id:${ann}`)).toBe(3));

    const why = JSON.parse(await run('explain', `email:${bob}`, '--json'));
    expect(why.identifiers.map(({ identifier }: { identifier: string }) => identifier).sort()).toEqual(
      [`anonymous_id:${phone}`, `email:${bob}`, `user_id:${ann}`].sort(),
    );
    expect(why.merges).toEqual([
      {
        absorbed: expect.any(String),
        into: why.profileId,
        at: expect.any(String),
        messageId: expect.any(String),
        rule: 'one event named both',
        undoable: true,
      },
    ]);
    const [{ absorbed, messageId }] = why.merges;
    expect(await run('explain', `user_id:${ann}`)).toMatch(new RegExp(`merges:.*\\n.*${absorbed}.*${messageId}`));

    await eventually(async () => {
      const { computedTraits, told } = JSON.parse(await run('explain', `user_id:${ann}`, '--json'));
      expect(computedTraits).toMatchObject({ revenue_90d: 0 });
      const names = expect.arrayContaining([`userId:${ann}`]);
      const entry = { destination: 'crm', kind: 'segment', key: 'newsletter', state: 'in' };
      expect(told).toContainEqual({ ...entry, since: expect.any(String), names });
    });
    expect(await run('explain', `user_id:${ann}`)).toMatch(
      /told to destinations:.*\n(.*\n)*.*crm +segment newsletter +in /,
    );

    expect(await run('unmerge', absorbed)).toContain('Nothing was changed');
    expect(await countOf(`user_id:${ann}`)).toBe(3);
    expect(await run('unmerge', absorbed, '--yes')).toContain('they stay apart');
    const parted = await Promise.all([profileOf(`user_id:${ann}`), profileOf(`email:${bob}`)]);
    expect(parted).toMatchObject([
      { profileId: why.profileId, identifiers: [`user_id:${ann}`], traits: { first_name: 'Ann' } },
      { profileId: absorbed, traits: { first_name: 'Bob' }, eventCount: 1, segments: ['newsletter'] },
    ]);

    mixUp();
    await eventually(async () => expect(await countOf(`user_id:${ann}`)).toBe(3));
    expect((await profileOf(`email:${bob}`)).profileId).toBe(absorbed);
    expect(await run('explain', `user_id:${ann}`)).toContain(`parted for good from\n  ${absorbed}`);
  });

  it.each([
    { command: 'explain', args: ['user_id:nobody'], says: 'there is no such profile' },
    { command: 'unmerge', args: [`user_id:${ann}`], says: 'without identifiers' },
    { command: 'unmerge', args: ['ann'], says: 'name the profile as type:value' },
  ])('$command $args: $says', async ({ command, args, says }) => {
    const failure = (await run(command, ...args).catch((error) => error)) as { code: number; stderr: string };
    expect([failure.code, failure.stderr]).toEqual([1, expect.stringContaining(says)]);
  });
});
