import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program ended with an error; `output` has its printed text. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly command: string;
  readonly exitCode: number | null;
  readonly output: string;

  constructor(command: string, exitCode: number | null, output: string) {
    super(`${command} ended with ${exitCode ?? 'a signal'}:\n${essence(output)}`);
    this.command = command;
    this.exitCode = exitCode;
    this.output = output;
  }
}

const longest = 30;

/** A deployment prints hundreds of lines, and a few of them describe the fault. */
function essence(output: string): string {
  const lines = output.split('\n');
  if (lines.length <= longest) return output;
  const telling = lines.filter((line) => /fail|error/i.test(line));
  return (telling.length > 0 ? telling : lines).slice(-longest).join('\n');
}

/** Environment and place of a program. */
interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Aborts the program. */
  readonly signal: AbortSignal;
  /** @default - this process's folder */
  readonly cwd?: string;
}

/**
 * Runs a Node program to its end and returns its output. The program leads its own process group, so an abort also ends
 * the processes that it started, which could hold its locks.
 * @throws CommandFailed, or the signal's reason
 */
export async function runNode(args: readonly string[], { env, signal, cwd = '.' }: RunOptions): Promise<string> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const end = () => killGroup(child);
  signal.addEventListener('abort', end, { once: true });
  process.once('exit', end);
  const [code] = (await once(child, 'close')) as [number | null];
  signal.removeEventListener('abort', end);
  process.off('exit', end);
  signal.throwIfAborted();
  const text = Buffer.concat(output).toString('utf8').trim();
  if (code !== 0) throw new CommandFailed(args.join(' '), code, text);
  return text;
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // The process group has ended already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Sends a process SIGTERM, and SIGKILL after `grace` milliseconds. */
export async function endProcess(child: ChildProcess, grace = 5_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), grace);
  await ended;
  clearTimeout(timer);
}
