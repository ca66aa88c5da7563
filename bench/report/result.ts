import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Found } from './bench.ts';

const folder = fileURLToPath(new URL('../results/', import.meta.url));

/** Keeps what a bench found, with what it ran on, in `bench/results/<name>.json`. */
export async function saveResult(
  name: string,
  options: { readonly seed: number; readonly rounds: number },
  { tables, data }: Found,
): Promise<void> {
  const result = {
    name,
    date: new Date().toISOString(),
    node: process.version,
    machine: machine(),
    ...options,
    tables,
    data,
  };
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}${name}.json`, `${JSON.stringify(result, null, 2)}\n`);
}

const machine = () => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  /** Above the number of cores, others were at work, too. */
  loadAverage: loadavg()[0],
});
