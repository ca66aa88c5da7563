import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { freePorts } from '../../e2e/platform/free-ports.ts';
import { eventually } from '../stack/eventually.ts';

const [, command = ''] = readFileSync('local/emulator/README.md', 'utf8').match(/```sh\n(.*)\n```/) ?? [];

const answer = (url: string): Promise<Response> =>
  eventually('an answer of the emulator', async () => {
    const found = await fetch(`${url}/_ministack/health`).catch(() => undefined);
    return found?.ok ? found : undefined;
  });

it('starts by the command of its page, and ends with its standard input', async () => {
  const [port = 0] = await freePorts(1);
  const { PATH, HOME } = process.env;
  const emulator = spawn('sh', ['-c', command], {
    env: { PATH, HOME, GATEWAY_PORT: String(port) },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = once(emulator, 'exit');
  expect(await (await answer(`http://127.0.0.1:${port}`)).json()).toMatchObject({ services: { s3: 'available' } });
  emulator.stdin.end();
  expect(await ended).toEqual([0, null]);
});
