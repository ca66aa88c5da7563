import type { TaskLine } from '../../../bin/terminal/task-line.ts';
import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import type { PlatformOutputs } from '../../platform/platform.ts';
import { systemSources } from '../findings/systems.ts';
import type { Systems } from '../shop/systems.ts';
import { type Played, playSystems } from './play.ts';
import { startWarehouse, type Warehouse, WarehouseMissing } from './warehouse.ts';

/** The other systems that this configuration and this machine allow. */
export interface OpenSystems {
  readonly systems: Systems;
  /** Why others are left out. */
  readonly told: readonly string[];
  play(outputs: PlatformOutputs, progress: TaskLine): Promise<Played>;
  stop(): Promise<void>;
}

/** Leaves out what `cdp.config.ts` has no source for, and starts the warehouse's database, if this machine can. */
export async function openSystems(config: CdpConfig, all: Systems): Promise<OpenSystems> {
  const isDeclared = (id: string): boolean => config.sources.some((source) => source.id === id);
  const declared = Object.fromEntries(
    Object.entries(all).filter(([name]) => isDeclared(systemSources[name as keyof Systems])),
  ) as Systems;
  const missing = Object.keys(all)
    .map((name) => systemSources[name as keyof Systems])
    .filter((id) => !isDeclared(id));
  const { warehouse, problem } = await opened(declared);
  const { orders: _, ...withoutOrders } = declared;
  const systems = warehouse === undefined ? withoutOrders : declared;
  return {
    systems,
    told: [...missing.map((id) => `source ${id} is not in cdp.config.ts`), ...problem],
    play: (outputs, progress) => playSystems(outputs, systems, warehouse, progress),
    stop: async () => warehouse?.stop(),
  };
}

async function opened({ orders }: Systems): Promise<{ warehouse?: Warehouse; problem: string[] }> {
  if (orders === undefined) return { problem: [] };
  try {
    return { warehouse: await startWarehouse(orders), problem: [] };
  } catch (error) {
    if (!(error instanceof WarehouseMissing)) throw error;
    return { problem: [`the warehouse's database: ${error.message}`] };
  }
}
