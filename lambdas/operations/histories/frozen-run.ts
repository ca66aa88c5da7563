import type { HistoryFiles } from '../../adapters/lake/histories.ts';
import { type CdpConfigInput, parseConfig } from '../../core/config/config.ts';
import { frozenOf, HistoryManifest } from '../../core/segments/history/history.ts';
import {
  type AggregateRegistry,
  completed,
  type Frozen,
  isComplete,
  type parseRegistry,
  withFrozen,
} from '../../core/segments/history/registry.ts';
import type { WriteOutcome } from '../../core/stitching/profile-write.ts';
import { type Generations, type HistoryRequest, mustBeDeployed, requestOf } from './request.ts';

/** The registry, the files of runs, and the job. */
export interface RunDeps {
  readonly config: CdpConfigInput;
  readonly registry: {
    readonly read: () => Promise<ReturnType<typeof parseRegistry> | undefined>;
    readonly write: (registry: AggregateRegistry, version: number | undefined) => Promise<WriteOutcome>;
  };
  readonly files: Pick<HistoryFiles, 'read' | 'write'>;
  /** Runs the job for a request; once it returns, the run has a manifest. */
  readonly gather: (run: string, request: HistoryRequest) => Promise<void>;
  readonly now: () => number;
}

/** Histories to bring, and the registry while they are being brought. */
export interface FrozenRun {
  readonly registry: AggregateRegistry & { readonly frozen: Frozen };
  readonly manifest: HistoryManifest;
}

const day = 86_400_000;
/** A run that is older is not gone on with: its files expire. */
const longest = 7 * day;

/**
 * The next histories that are to be brought, after the job has gathered them; undefined if no aggregate lacks its own.
 * With `again` those of all aggregates, for profiles that still lack some. A run that was begun is gone on with.
 * @throws OperatorRefused when the deployment decides with other definitions
 */
export async function nextRun(deps: RunDeps, again: boolean): Promise<FrozenRun | undefined> {
  const stored = await deps.registry.read();
  if (stored === undefined) return undefined;
  const { registry } = stored;
  mustBeDeployed(registry, parseConfig(deps.config));
  const { frozen, complete: from, generation } = registry;
  const wanted = frozen ?? (again ? { from: 0, generation } : { from, generation });
  if (frozen === undefined && !again && isComplete(registry)) return undefined;
  const manifest = await gathered(wanted, registry, deps);
  if (manifest === undefined) {
    if (frozen !== undefined) await write(deps, completed(registry), stored.version);
    return undefined;
  }
  const begun = withFrozen(registry, frozenOf(manifest));
  if (frozen?.run !== manifest.run) await write(deps, begun, stored.version);
  return { registry: begun, manifest };
}

/** Ends a run: all profiles have its histories, but those that `outcome` tells. */
export async function endRun(run: string, outcome: unknown, deps: RunDeps): Promise<void> {
  await deps.files.write(run, 'outcome', outcome);
  const stored = await deps.registry.read();
  if (stored?.registry.frozen?.run === run) await write(deps, completed(stored.registry), stored.version);
}

/** What the job gathered, now or before; undefined if there is nothing to gather. */
async function gathered(
  generations: Generations,
  registry: AggregateRegistry,
  deps: RunDeps,
): Promise<HistoryManifest | undefined> {
  const request = requestOf(registry, generations, parseConfig(deps.config));
  if (request === undefined) return undefined;
  const { run, manifest } = await runFor(generations, deps);
  if (manifest !== undefined) return manifest;
  await deps.files.write(run, 'request', request);
  await deps.gather(run, request);
  return HistoryManifest.parse(await deps.files.read(run, 'manifest'));
}

/** The run of these generations that is not over, or the name of a new one. */
async function runFor({ from, generation }: Generations, { files, now }: RunDeps) {
  for (let n = 1; ; n++) {
    const run = `generation-${generation}-from-${from}-${n}`;
    if ((await files.read(run, 'outcome')) !== undefined) continue;
    const told = await files.read(run, 'manifest');
    const manifest = told === undefined ? undefined : HistoryManifest.parse(told);
    if (manifest === undefined || now() - Date.parse(manifest.at) < longest) return { run, manifest };
  }
}

async function write({ registry }: RunDeps, next: AggregateRegistry, version: number): Promise<void> {
  const { kind } = await registry.write(next, version);
  if (kind !== 'written') throw new Error('a deployment or another apply has changed the registry; run it again');
}
