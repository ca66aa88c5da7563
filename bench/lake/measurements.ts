import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What a program prints, a line a measurement. */
export type Line = Readonly<Record<string, number | boolean | string>>;

/** Runs a Python program and gives each line of JSON that it prints. @throws Error with its last words when it fails */
export async function measurements(program: string, options: readonly string[], onLine: () => void): Promise<Line[]> {
  const child = spawn('.venv/bin/python', [program, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const lines: Line[] = [];
  for await (const line of createInterface(child.stdout)) {
    if (!line.startsWith('{')) continue;
    lines.push(JSON.parse(line) as Line);
    onLine();
  }
  const code = await ended;
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${output.join('').slice(-2000)}`);
  return lines;
}
