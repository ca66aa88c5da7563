import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { platform } from '../platform/deployment.ts';

/** How a Python client ended, and the failures it reported. */
interface Sent {
  readonly exitCode: number;
  readonly output: string;
}

/** Sends calls by a Python client in a process of its own. */
export async function sendByPython(
  library: 'segment' | 'rudderstack',
  gzip: boolean,
  calls: readonly object[],
): Promise<Sent> {
  const child = spawn('.venv-emulator/bin/python', ['test/e2e/clients/send_calls.py', library], { stdio: 'pipe' });
  child.stdin.end(JSON.stringify({ host: platform.ingestUrl, writeKey: platform.writeKey, gzip, calls }));
  const [output, complaints, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { exitCode, output: `${output}${complaints}`.trim() };
}
