import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { unique } from './deployment.ts';
import { eventually } from './eventually.ts';
import { rawEvents } from './lake.ts';
import { post } from './requests.ts';

const folder = mkdtempSync(join(tmpdir(), 'job-'));
for (const name of ['package.json', 'node_modules', 'bin', 'lib', 'lambdas', 'tsconfig.json']) symlinkSync(resolve(name), join(folder, name));
mkdirSync(join(folder, '.local'));
writeFileSync(join(folder, '.local', 'outputs.json'), JSON.stringify({ emulatorUrl: inject('platform').emulatorUrl }));
afterAll(() => rmSync(folder, { recursive: true }));

const command = (...args: string[]) => promisify(execFile)('npm', ['run', '--silent', ...args], { cwd: folder });

/** What a run printed last, and in which log group of the stack the rest is. */
const failed =
  /FAILED\n.*\nThe last it printed:\n( {2}.*\n)* {2}.*invalid int value: 'long'\nAll of it: \/Cdp\/jobs\/events\/[\w-]+-role\/[\w-]+\/output, jr_\w+/;

describe('npm run job', () => {
  it('makes a table of what was sent, which npm run query reads', async () => {
    const userId = unique('lake');
    await post('/v1/track', { userId, event: 'Order Completed', messageId: userId, properties: { revenue: '12.5', currency: 'usd' } });
    await eventually(async () => expect((await rawEvents()).map(({ messageId }) => messageId)).toContain(userId));
    const { stdout } = await command('job', '--', 'events', '--local');
    expect(stdout).toMatch(/^events jr_\w+: SUCCEEDED in \d+ s\n$/);
    const answer = await command('query', '--', `SELECT event, revenue, currency FROM events WHERE message_id = '${userId}'`, '--json', '--local');
    expect(JSON.parse(answer.stdout)).toEqual([{ event: 'Order Completed', revenue: '12.5000', currency: 'USD' }]);
  });

  it.each([
    { args: ['laundry', '--local'], code: 2, says: 'Jobs: events, identities, profiles, matches, marts, maintain' },
    { args: ['events', '--argument', 'nonsense', '--local'], code: 2, says: '--argument name=value' },
    { args: ['events', '--argument', 'overlap-minutes=long', '--local'], code: 1, says: failed },
    { args: ['events', '--stack', 'Nowhere', '--local'], code: 1, says: 'Nowhere' },
  ])('answers $args with $says', async ({ args, code, says }) => {
    const failure = (await command('job', '--', ...args).catch((error) => error)) as { code: number; stdout: string; stderr: string };
    expect(failure.code).toBe(code);
    expect(failure.stdout + failure.stderr).toMatch(says);
  });
});
