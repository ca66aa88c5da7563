import { describe, expect, it } from 'vitest';
import { npmRun } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { rawEvents } from '../observed/lake.ts';
import { profileOf } from '../observed/profiles.ts';
import { post } from '../observed/requests.ts';
import { unique } from '../platform/deployment.ts';

const run = async (...args: string[]): Promise<string> => (await npmRun('privacy', ...args, '--local')).stdout;
const [ann, bob] = [unique('privacy-ann'), unique('privacy-bob')];
const say = (userId: string, messageId: string) => post('/v1/track', { userId, messageId, event: 'Looked' });

/** The messages of one try that came to the raw zone, when that of somebody else is there. */
async function arrived(round: string): Promise<unknown[]> {
  await say(ann, `${ann}-${round}`);
  await say(bob, `${bob}-${round}`);
  return eventually(
    async () => {
      const ids = (await rawEvents())
        .map(({ messageId }) => String(messageId))
        .filter((id) => id.endsWith(`-${round}`));
      expect(ids).toContain(`${bob}-${round}`);
      return ids.sort();
    },
    { within: 90_000 },
  );
}

describe('a suppressed person', () => {
  it('is kept out before the stream within a minute, and let in again when that is lifted', async () => {
    expect(await arrived('first')).toEqual([`${ann}-first`, `${bob}-first`]);
    await eventually(() => profileOf(`user_id:${ann}`));
    expect(await run('file', 'suppress', `user_id:${ann}`, '--yes')).toContain('completed');
    expect(await run('relist')).toMatch(/The list has [1-9]\d* barriers/);
    let round = 0;
    await eventually(async () => expect(await arrived(`kept-${round++}`)).toHaveLength(1), { within: 180_000 });
    expect((await profileOf(`user_id:${ann}`)).eventCount).toBe(1);
    await run('file', 'unsuppress', `user_id:${ann}`, '--yes');
    await eventually(async () => expect(await arrived(`again-${round++}`)).toHaveLength(2), { within: 180_000 });
  }, 600_000);
});
