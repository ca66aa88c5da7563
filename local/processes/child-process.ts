import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program the platform needed ended with an error; `output` is what it printed. */
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

/** A deployment prints hundreds of lines , and a few of them describe the fault. */
function essence(output: string): string {
  const lines = output.split('\n');
  if (lines.length <= longest) return output;
  const telling = lines.filter((line) => /fail|error/i.test(line));
  return (telling.length > 0 ? telling : lines).slice(-longest).join('\n');
}

/** How a program runs. */
interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Aborting it ends the program. */
  readonly signal: AbortSignal;
  /** @default - here */
  readonly cwd?: string;
}

/**
 * Runs a Node program to its end and gives back what it printed. It leads a process group of its own, so that aborting
 * ends whatever it has started, too, and nothing stays behind that holds its locks. @throws CommandFailed, or the
 * signal's reason
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
    // It has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Asks a process to end, and ends it when it has not after `grace` milliseconds. */
export async function endProcess(child: ChildProcess, grace = 5_000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), grace);
  await ended;
  clearTimeout(timer);
}
