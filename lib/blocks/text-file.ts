import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configFile } from '../../lambdas/core/contract/environment.ts';

const files = new Map<string, string>();

/**
 * Writes a text to a temporary file that bundling can copy; the file lives as long as this process, and the same text
 * gives the same file.
 */
export function fileHolding(text: string): string {
  const known = files.get(text);
  if (known !== undefined) return known;
  const directory = mkdtempSync(join(tmpdir(), 'cdp-config-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, configFile);
  writeFileSync(file, text);
  files.set(text, file);
  return file;
}
