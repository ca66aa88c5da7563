import { describe, expect, it } from 'vitest';
import { npmRun } from '../npm-run.ts';
import { eventually } from '../observed/eventually.ts';
import { rawEvents } from '../observed/lake.ts';
import { post } from '../observed/requests.ts';
import { unique } from '../platform/deployment.ts';

/** What a run printed last, and in which log group of the stack the rest is. */
const failed =
  /FAILED\n.*\nIts last output:\n( {2}.*\n)* {2}.*invalid int value: 'long'\nAll of it: \/Cdp\/jobs\/events\/[\w-]+-role\/[\w-]+\/output, jr_\w+/;

describe('npm run job', () => {
  it('makes a table of what was sent, which npm run query reads', async () => {
    const userId = unique('lake');
    await post('/v1/track', {
      userId,
      event: 'Order Completed',
      messageId: userId,
      properties: { revenue: '12.5', currency: 'usd' },
    });
    await eventually(async () => expect((await rawEvents()).map(({ messageId }) => messageId)).toContain(userId));
    const { stdout } = await npmRun('job', 'events', '--local');
    expect(stdout).toMatch(/^events jr_\w+: SUCCEEDED in \d+ s\n$/);
    const answer = await npmRun(
      'query',
      `SELECT event, revenue, currency FROM events WHERE message_id = '${userId}'`,
      '--json',
      '--local',
    );
    expect(JSON.parse(answer.stdout)).toEqual([{ event: 'Order Completed', revenue: '12.5000', currency: 'USD' }]);
  });

  it.each([
    {
      args: ['laundry', '--local'],
      code: 2,
      says: 'Jobs: events, identities, profiles, matches, marts, queries, maintain',
    },
    { args: ['events', '--argument', 'nonsense', '--local'], code: 2, says: '--argument name=value' },
    { args: ['events', '--argument', 'overlap-minutes=long', '--local'], code: 1, says: failed },
    { args: ['events', '--stack', 'Nowhere', '--local'], code: 1, says: 'Nowhere' },
  ])('answers $args with $says', async ({ args, code, says }) => {
    const failure = (await npmRun('job', ...args).catch((error) => error)) as {
      code: number;
      stdout: string;
      stderr: string;
    };
    expect(failure.code).toBe(code);
    expect(failure.stdout + failure.stderr).toMatch(says);
  });
});
