import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awsFreeEnvironment } from '../../../local/platform/aws.ts';
import { runNode } from '../../../local/processes/child-process.ts';
import type { EmptyEmulator } from '../stack/empty-emulator.ts';

/** Synthesizes the example's deployment with other settings, by name, and gives the folder of each. */
export async function synthesizeConfigured(
  { folder, signal }: Pick<EmptyEmulator, 'folder' | 'signal'>,
  configurations: Readonly<Record<string, object>>,
): Promise<(name: string) => string> {
  const file = join(folder, 'configurations.json');
  writeFileSync(file, JSON.stringify(configurations));
  await runNode(['test/local/deployments/configured-app.ts', file], { env: awsFreeEnvironment(), signal });
  return (name) => join(folder, name);
}
