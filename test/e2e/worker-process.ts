import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { platform } from './deployment.ts';
import type { DeployedFunction } from './functions.ts';

const run = promisify(execFile);

/** Kills the processes that run a function in this run's emulator, as a machine's end would; says how many there were. */
export async function killWorkers({ name }: DeployedFunction): Promise<number> {
  const processes = await listProcesses();
  const parentOf = new Map(processes.map(({ id, parent }) => [id, parent]));
  const ours = (id: number): boolean => id === platform.processId || (id > 1 && ours(parentOf.get(id) ?? 0));
  const workers = processes.filter(({ id, command }) => command.includes(`ministack-lambda-${name}-`) && ours(id));
  for (const { id } of workers) process.kill(id, 'SIGKILL');
  return workers.length;
}

async function listProcesses(): Promise<{ id: number; parent: number; command: string }[]> {
  const { stdout } = await run('ps', ['-axww', '-o', 'pid=,ppid=,args='], { maxBuffer: 16 * 1024 * 1024 });
  return stdout.split('\n').flatMap((line) => {
    const [, id, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return id === undefined ? [] : [{ id: Number(id), parent: Number(parent), command }];
  });
}
