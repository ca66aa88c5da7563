import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { registryTable } from '../../../lambdas/adapters/dynamodb/aggregate-registry.ts';
import { dueProfiles } from '../../../lambdas/adapters/dynamodb/due-index.ts';
import { profileTable } from '../../../lambdas/adapters/dynamodb/profile-table.ts';
import type { CdpConfig } from '../../../lambdas/core/config/config.ts';
import { applyDefinitions } from '../../../lambdas/operations/histories/apply.ts';
import { endRun, type FrozenRun, nextRun, type RunDeps } from '../../../lambdas/operations/histories/frozen-run.ts';
import type { HistoryRequest } from '../../../lambdas/operations/histories/request.ts';
import type { Worker, World } from '../running/worker.ts';
import type { Gate } from './gate.ts';
import { clearKey } from './stitch-function.ts';

/** What the command works with. */
interface ApplySurroundings {
  readonly clientFor: (worker: Worker) => DynamoDBDocumentClient;
  /** Ids of the live profiles of the table. */
  readonly live: () => readonly string[];
  /** Files of runs, and of each the lines. */
  readonly files: Map<string, unknown>;
  /** What the lake has of each person. */
  readonly lines: () => readonly object[];
  readonly now: () => number;
  readonly gate: Gate;
  readonly world: World;
  /** A mistake: it does not notice a deployment that overtakes it. */
  readonly isBlind?: boolean;
}

/** Milliseconds that an event may need to reach the lake. */
const settle = 15 * 60_000;
const perPage = 2;

/** `npm run segment -- apply`, over fakes; its parts are wired as in `bin/segments/decide.ts`. */
export class ApplyCommand {
  private readonly on: ApplySurroundings;
  private readonly worker: Worker;
  private readonly config: CdpConfig;

  constructor(worker: Worker, config: CdpConfig, on: ApplySurroundings) {
    this.worker = worker;
    this.config = config;
    this.on = on;
  }

  /** Runs it to its end; with `again` it gathers the histories of all definitions. Says who still lacks some. */
  async run(again = false): Promise<ReadonlyMap<string, number>> {
    let run = await nextRun(this.runs, again);
    for (;;) {
      const account = await this.apply(run);
      if (run === undefined) return account.waiting;
      this.on.world.tally.add('runs of histories');
      await endRun(run.manifest.run, { at: '', waiting: {} }, this.runs);
      run = await nextRun(this.runs, false);
      if (run === undefined) return account.waiting;
    }
  }

  private apply(run: FrozenRun | undefined) {
    const { on, config, worker } = this;
    const client = on.clientFor(worker);
    const { load, loadAt, write, readAccounts } = profileTable(client, 'profiles', clearKey, this.pause);
    return applyDefinitions(
      { run, parts: [{ part: 0, parts: 1 }] },
      {
        ...{ config, load, loadAt, write, readAccounts, pause: this.pause, now: on.now },
        read: dueProfiles(client, 'profiles', this.pause).read,
        registry: async () => (on.isBlind ? undefined : (await this.registry.read())?.registry),
        scan: () => this.scan(),
        lines: (key) => this.lines(key),
      },
    );
  }

  private get runs(): RunDeps {
    const { files, now } = this.on;
    return {
      ...{ config: this.config, registry: this.registry, now },
      files: {
        read: (run, about) => this.worker.call('reads a file', () => files.get(`${run} ${about}`)),
        write: (run, about, value) => this.worker.call('writes a file', () => void files.set(`${run} ${about}`, value)),
      },
      gather: (run, request) => this.gather(run, request),
    };
  }

  private get registry() {
    return registryTable(this.on.clientFor(this.worker), 'profiles', this.pause);
  }

  /** The job: one at a time, and a run that has a manifest stays as it is. */
  private async gather(run: string, { cut, from, generation }: HistoryRequest): Promise<void> {
    const { files, now, lines } = this.on;
    await this.worker.call('gathers', () => {
      if (now() < Date.parse(cut) + settle) throw new TooEarly();
      if (files.has(`${run} manifest`)) return;
      const all = lines();
      const counts = { lines: all.length, people: all.length, events: 0 };
      const at = new Date(now() - settle).toISOString();
      files.set(run, all);
      files.set(`${run} manifest`, { run, at, from, generation, ...counts, files: [run] });
    });
  }

  private async *lines(run: string): AsyncGenerator<string> {
    for (const line of this.on.files.get(run) as readonly object[]) {
      await this.on.gate.pass();
      yield await this.worker.call('reads a line', () => JSON.stringify(line));
    }
  }

  private async *scan() {
    const { read } = dueProfiles(this.on.clientFor(this.worker), 'profiles', this.pause);
    const ids = await this.worker.call('begins to scan', () => this.on.live());
    for (let at = 0; at < ids.length; at += perPage) {
      await this.on.gate.pass();
      yield await read(ids.slice(at, at + perPage));
    }
  }

  private pause = (): Promise<void> => this.worker.call('waits', () => {});
}

/** The lake does not have all events yet that were received before the cut. */
class TooEarly extends Error {
  override readonly name = 'TooEarly';
}
