import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { CommandFailed, runNode } from '../../../local/processes/child-process.ts';
import { sideBySide } from '../../../local/processes/side-by-side.ts';

const folder = mkdtempSync(join(tmpdir(), 'start-'));
afterAll(() => rmSync(folder, { recursive: true }));

const env = { PATH: process.env.PATH };

/** A program that starts another, which says who it is and stays. */
function parentOf(pidFile: string): string {
  const child = join(folder, 'child.mjs');
  writeFileSync(
    child,
    `import { writeFileSync } from 'node:fs'; writeFileSync(process.argv[2], String(process.pid)); setInterval(() => {}, 1000);`,
  );
  const parent = join(folder, 'parent.mjs');
  const starting = `spawn(process.execPath, [${JSON.stringify(child)}, ${JSON.stringify(pidFile)}], { stdio: 'inherit' }).on('exit', () => {});`;
  writeFileSync(
    parent,
    `import { spawn } from 'node:child_process'; ${starting} process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`,
  );
  return parent;
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // What has ended and is not yet waited for is still there.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

const patience = { timeout: 60_000 };

describe('a start that is given up', () => {
  it('ends what its programs have started, however they cling to life', async () => {
    const pidFile = join(folder, 'pid');
    const controller = new AbortController();
    const running = runNode([parentOf(pidFile)], { env, signal: controller.signal });
    await vi.waitUntil(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '', patience);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    expect(isAlive(pid)).toBe(true);
    controller.abort(new Error('given up'));
    await expect(running).rejects.toThrow('given up');
    await vi.waitUntil(() => !isAlive(pid), patience);
  });

  it('begins no program any more', () =>
    expect(runNode(['--version'], { env, signal: AbortSignal.abort(new Error('given up')) })).rejects.toThrow(
      'given up',
    ));

  it.each([0, 1])('tells what failed first, and at once: part %i', async (failing) => {
    const script = join(folder, 'endless.mjs');
    writeFileSync(script, 'setInterval(() => {}, 1000);');
    const endless = (signal: AbortSignal) => runNode([script], { env, signal });
    const broken = (signal: AbortSignal) =>
      runNode(['--eval', 'console.error("no room"); process.exit(3)'], { env, signal });
    const [first, second] = failing === 0 ? [broken, endless] : [endless, broken];
    const failure = await sideBySide(new AbortController().signal, first, second).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CommandFailed);
    expect(failure).toMatchObject({ exitCode: 3, output: 'no room' });
  });

  it('is given up in both its parts when somebody interrupts it', async () => {
    const parts = async (signal: AbortSignal): Promise<never> => {
      await wait(60_000, undefined, { signal });
      throw new Error('waited too long');
    };
    const controller = new AbortController();
    const both = sideBySide(controller.signal, parts, parts);
    controller.abort(new Error('interrupted'));
    await expect(both).rejects.toMatchObject({ cause: expect.objectContaining({ message: 'interrupted' }) });
  });
});
