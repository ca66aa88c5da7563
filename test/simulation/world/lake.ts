import { platformSource } from '../../../lambdas/core/contract/signals.ts';
import { collectionOf, identifierOf } from '../../../lambdas/core/profile/owner-name.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import type { CommitChecker } from '../checkers/commit-checker.ts';
import type { SentCorrection } from '../checkers/correction-checker.ts';
import type { World } from '../running/worker.ts';
import type { Shard } from './stream.ts';

/** Times that the lake looks at the table. */
const looks = 10;
const minute = '2026-05-01T09:00:00.000Z';

/**
 * The lake's nightly comparison as it is to the table: it looks at a profile, and sends a correction of it, which
 * arrives when it does.
 */
export class Lake {
  private made = 0;

  private readonly checker: CommitChecker;
  private readonly world: World;
  private readonly now: () => string;

  constructor(checker: CommitChecker, world: World, now: () => string) {
    this.checker = checker;
    this.world = world;
    this.now = now;
  }

  /** Sends while others are at work. */
  async work(shards: readonly Shard<string>[]): Promise<void> {
    for (let left = looks; left > 0; left--) {
      for (let wait = 0; wait < 10; wait++) await this.world.turns.take('the lake waits', () => {});
      for (const line of this.correct()) this.world.chance.pick(shards).append(line);
    }
  }

  /** One line, unless there is nothing to correct. */
  correct(): string[] {
    const { chance } = this.world;
    const live = [...this.checker.profiles.values()].flatMap((item) => (item.kind === 'profile' ? [item] : []));
    const item = live.length > 0 ? chance.pick(live) : undefined;
    const [leading] = item ? this.some(item.profile) : [];
    if (item === undefined || leading === undefined) return [];
    const identifiers = [...new Set([leading, ...this.others(item.profile)])];
    return [
      chance.happens(0.2)
        ? this.line(item.profile, identifiers)
        : this.line(item.profile, identifiers, this.targetOf(item)),
    ];
  }

  /** Some correct what they released before; some were made of an older state. */
  private targetOf({ profile, version }: { readonly profile: Profile; readonly version: number }): SentCorrection {
    const { chance } = this.world;
    const counted = chance.happens(0.5);
    const more = counted ? chance.below(4) : 0;
    const forgotten = [...profile.traits.keys()].filter((name) => name.startsWith('corrected-') && chance.happens(0.3));
    const released = chance.happens(0.5) ? this.some(profile).slice(0, 1 + chance.below(3)) : [];
    const compared = chance.happens(0.2) ? version - 1 : version;
    return {
      profileId: profile.profileId,
      version: compared,
      released,
      forgotten,
      more,
      ...(counted && { eventCount: profile.eventCount + more }),
    };
  }

  private line({ collection }: Profile, identifiers: readonly string[], target?: SentCorrection): string {
    const messageId = `c${++this.made}`;
    if (target) this.checker.corrections.sent.set(messageId, target);
    const { more: _, ...stated } = target ?? { more: 0 };
    const traits = [{ name: `corrected-${messageId}`, value: true, timestamp: minute, messageId, sourceId: 'shop' }];
    const properties = { collection, identifiers, ...(target && { profile: { ...stated, traits } }) };
    const stamps = { timestamp: minute, originalTimestamp: minute, receivedAt: this.now() };
    return JSON.stringify({
      type: 'track',
      event: 'Profile Corrected',
      messageId,
      anonymousId: 'platform',
      sourceId: platformSource,
      ...stamps,
      properties,
    });
  }

  private some({ identifiers }: Profile): string[] {
    return [...identifiers.keys()].sort(() => this.world.chance.below(3) - 1);
  }

  /** Who is said to be the same, now and then. */
  private others({ collection }: Profile): string[] {
    const { chance } = this.world;
    const known = [...this.checker.owners.keys(), ...this.checker.corrections.released].filter(
      (name) => collectionOf(name) === collection,
    );
    return chance.happens(0.4) && known.length > 0 ? [identifierOf(chance.pick(known))] : [];
  }
}

/** Whether a line of the stream is the platform's own. */
export const isOwn = (line: string): boolean => line.includes(`"sourceId":"${platformSource}"`);
