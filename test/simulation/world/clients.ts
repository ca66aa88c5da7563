import { eventStream } from '../../../lambdas/adapters/streams/event-stream.ts';
import { packLines } from '../../../lambdas/core/events/stream-record.ts';
import { sourceOf } from '../people/message.ts';
import type { Request } from '../people/plan.ts';
import { Worker, type World } from '../running/worker.ts';
import { faultyEventStream } from './event-stream.ts';
import type { Shard } from './stream.ts';

/** Times that a client sends a request that was not answered with 200. */
const maxSendings = 4;

/**
 * A client that sends its requests one after another, and again where it got no 200, as collect stamps and packs them.
 */
export class Client {
  /** Requests that were answered with 200. */
  readonly accepted: Request[] = [];

  private readonly name: string;
  private readonly shards: readonly Shard<string>[];
  private readonly world: World;
  private readonly now: () => string;

  constructor(name: string, shards: readonly Shard<string>[], world: World, now: () => string) {
    this.name = name;
    this.shards = shards;
    this.world = world;
    this.now = now;
  }

  async send(requests: readonly Request[]): Promise<void> {
    for (const request of requests) {
      let taken = false;
      for (let sending = 1; !taken && sending <= maxSendings; sending++) taken = await this.attempt(request, sending);
      if (taken) this.accepted.push(request);
    }
  }

  private async attempt(request: Request, sending: number): Promise<boolean> {
    const worker = new Worker(`collect for ${this.name} ${sending}`, this.world);
    const pause = () => worker.call('waits', () => {});
    const policy = { attempts: 3, baseMilliseconds: 1, capMilliseconds: 1, random: () => 0, sleep: pause };
    const send = eventStream(faultyEventStream(this.shards, worker, this.world), 'events', policy);
    // Small records, so that one request can be several of which some are refused.
    const records = packLines(
      request.map((item) => this.line(item)),
      1500,
    );
    const outcome = await Promise.race([send('shop', records), worker.death]).catch(() => ({ ok: false }));
    return outcome.ok;
  }

  /** Sharded by chance, which is worse than by person. */
  private line(item: Request[number]) {
    const person = String(this.world.chance.below(1000));
    return {
      person,
      json:
        typeof item === 'string'
          ? item
          : JSON.stringify({ ...item.call, receivedAt: this.now(), sourceId: sourceOf(item.truth.messageId) }),
    };
  }
}
