import { describe, expect, it } from 'vitest';
import { secretOf } from '../../fixtures/catalogue/deployed.ts';
import { npmRun } from '../npm-run.ts';
import { heardBy, received } from '../observed/received.ts';
import { unique } from '../platform/deployment.ts';
import { hookUrl } from '../platform/hook-answers.ts';

const test = async (...args: string[]): Promise<string> =>
  (await npmRun('destination', 'test', ...args, '--local')).stdout;

describe('npm run destination -- test', () => {
  it('sends a made-up event to a tool, and shows what was sent and answered without secrets', async () => {
    const user = unique('made-up');
    const before = (await received()).length;
    const shown = await test('braze', '--segment', 'wave_0', '--user', user);
    const sent = (await received()).slice(before).filter(({ body }) => body.includes(user));
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST https://rest.iad-01.braze.com/users/track',
    ]);
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
      events: [{ external_id: user, name: 'Audience Entered' }],
    });
    expect(shown.trim().split('\n').at(-1)).toBe('delivered');
    const secrets = Object.values(secretOf('braze').settings).map(String);
    expect(secrets.length).toBeGreaterThan(0);
    const hidden = secrets.reduce((rest, secret) => rest.replaceAll(secret, '•••'), sent[0]?.body ?? '');
    expect(shown).toContain(`POST https://rest.iad-01.braze.com/users/track\n  ${hidden}\nanswered 200\n`);
    for (const secret of secrets) {
      expect(JSON.stringify(sent[0]?.headers)).toContain(secret);
      expect(shown).not.toContain(secret);
    }
  });

  it('tells of an exit to a webhook', async () => {
    const user = unique('made-up-exit');
    const shown = await test('live', '--segment', 'to_live', '--user', user, '--exited');
    expect((await heardBy('live', user)).map(({ told }) => told.event)).toEqual(['Audience Exited']);
    // The URL of a webhook is a secret, too.
    expect(shown).toContain('POST •••\n');
    expect(shown).not.toContain(hookUrl('live'));
  });

  it.each([
    { id: 'redirected', says: 'refused: Redirected' },
    { id: 'limited', says: 'answered 429' },
  ])('says how $id answers: $says', async ({ id, says }) =>
    expect(await test(id, '--segment', `to_${id}`, '--user', unique('trial'))).toContain(says),
  );
});
