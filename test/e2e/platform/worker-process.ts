import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { platform } from './deployment.ts';
import type { DeployedFunction } from './functions.ts';

interface Process {
  readonly id: number;
  readonly parent: number;
  readonly command: string;
}

/**
 * Kills the processes that run a function in this run's emulator, as the end of a machine would; says how many there
 * were.
 */
export async function killWorkers({ name }: Pick<DeployedFunction, 'name'>): Promise<number> {
  const processes = process.platform === 'linux' ? await processesOfLinux() : await processesByPs();
  const parentOf = new Map(processes.map(({ id, parent }) => [id, parent]));
  const ours = (id: number): boolean => id === platform.processId || (id > 1 && ours(parentOf.get(id) ?? 0));
  const workers = processes.filter(({ id, command }) => command.includes(`ministack-lambda-${name}-`) && ours(id));
  for (const { id } of workers) process.kill(id, 'SIGKILL');
  return workers.length;
}

/** Small Linux images have no `ps`. */
async function processesOfLinux(): Promise<Process[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(ids.map((id) => readProcess(id).catch(() => undefined)));
  return found.filter((one) => one !== undefined);
}

async function readProcess(id: string): Promise<Process> {
  const [stat, command] = await Promise.all([
    readFile(`/proc/${id}/stat`, 'utf8'),
    readFile(`/proc/${id}/cmdline`, 'utf8'),
  ]);
  const [, parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { id: Number(id), parent: Number(parent), command };
}

async function processesByPs(): Promise<Process[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axww', '-o', 'pid=,ppid=,args='], {
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout.split('\n').flatMap((line) => {
    const [, id, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return id === undefined ? [] : [{ id: Number(id), parent: Number(parent), command }];
  });
}
