import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

/** What an account has, by type. */
export type Inventory = Readonly<Record<string, readonly string[]>>;

/** Lists all that the account on an emulator has. */
export async function inventoryOf(emulatorUrl: string): Promise<Inventory> {
  const { stdout } = await promisify(execFile)(resolve('.venv/bin/python'), [
    'test/local/deployments/inventory.py',
    emulatorUrl,
  ]);
  return JSON.parse(stdout) as Inventory;
}

/** What an account has more than it had before; types with nothing more are left out. */
export function more(now: Inventory, before: Inventory): Inventory {
  const added = Object.entries(now).map(
    ([type, ids]) => [type, ids.filter((id) => !before[type]?.includes(id))] as const,
  );
  return Object.fromEntries(added.filter(([, ids]) => ids.length > 0));
}
