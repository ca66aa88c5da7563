import type { OwnerName } from '../../../lambdas/core/profile/owner-name.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import type { ProfileItem } from '../../../lambdas/core/table/profile-item.ts';
import type { Change } from '../../fakes/memory-store.ts';
import type { Tally } from '../running/tally.ts';

/** What was said of a profile that was compared at a version. */
export interface SentCorrection {
  readonly profileId: string;
  readonly version: number;
  readonly released: readonly string[];
  readonly forgotten: readonly string[];
  readonly eventCount?: number;
  /** By how many messages its count is set above what it was. */
  readonly more: number;
}

type Before = ReadonlyMap<string, ProfileItem | undefined>;

/**
 * Knows which corrections were sent, and looks in each write for what came of them: one of a profile that has changed
 * since does nothing.
 */
export class CorrectionChecker {
  readonly sent = new Map<string, SentCorrection>();
  /** Identifiers that were taken from somebody, ever. */
  readonly released = new Set<OwnerName>();
  /**
   * The texts of identifiers of whoever lost one, for a moment or for good: they may be told under another name then,
   * and nobody tells destinations what ends with the one before.
   */
  readonly formerNames = new Set<string>();
  private readonly done = new Set<string>();
  private readonly moreOf = new Map<string, number>();

  private readonly tally: Tally;
  private readonly demand: (holds: boolean, otherwise: string) => void;

  constructor(tally: Tally, demand: (holds: boolean, otherwise: string) => void) {
    this.tally = tally;
    this.demand = demand;
  }

  /** Looks at a write that is no unmerge. `after` are the profiles that live by it. */
  check(changes: readonly Change[], before: Before, after: readonly Profile[]): void {
    const decisions = decisionsIn(changes).filter(({ messageId }) => this.sent.has(messageId));
    for (const { messageId } of decisions) this.checkVersion(messageId, before);
    for (const { kind, messageId, identifier } of decisions)
      if (kind === 'release') this.checkRelease(messageId, identifier ?? '', before);
    const known = new Set(
      [...before.values()].flatMap((item) => (item?.kind === 'profile' ? [...item.profile.traits.keys()] : [])),
    );
    const merging = new Set(decisions.filter(({ kind }) => kind === 'merge').map(({ messageId }) => messageId));
    for (const profile of after)
      for (const name of profile.traits.keys()) {
        const messageId = /^corrected-(c\d+)$/.exec(name)?.[1];
        if (messageId === undefined || known.has(name)) continue;
        this.take(messageId, before);
        if (merging.has(messageId)) this.countWhole(messageId, profile);
      }
  }

  /**
   * Messages by which corrections set the count of a profile, and of those merged into it, above what they are marked
   * with.
   */
  moreThanMarked = ({ profileId, merged }: Pick<Profile, 'profileId' | 'merged'>): number =>
    [profileId, ...merged.keys()].reduce((sum, id) => sum + (this.moreOf.get(id) ?? 0), 0);

  /** Whether a write says that an identifier was taken from its profile. */
  isReleased = (identifier: string, changes: readonly Change[]): boolean =>
    decisionsIn(changes).some((decision) => decision.kind === 'release' && decision.identifier === identifier);

  sumUp(): void {
    if (this.sent.size === 0) return;
    this.tally.add('corrections applied', this.done.size);
    this.tally.add('corrections of a profile that had changed', this.sent.size - this.done.size);
  }

  private checkRelease(messageId: string, identifier: string, before: Before): void {
    const { profileId = '', released = [] } = this.sent.get(messageId) ?? {};
    const was = before.get(profileId);
    const names = was?.kind === 'profile' ? [...was.profile.identifiers.keys()] : [];
    for (const name of [identifier, ...names]) this.formerNames.add(name.slice(name.indexOf(':') + 1));
    this.demand(released.includes(identifier), `${messageId} released ${identifier}, which it does not say`);
    this.demand(
      was?.kind === 'profile' && [...was.profile.identifiers.keys()].some((id) => id === identifier),
      `${identifier} was not ${profileId}'s`,
    );
    this.tally.add('identifiers released by corrections');
  }

  private take(messageId: string, before: Before): void {
    this.checkVersion(messageId, before);
    const { profileId = '', more = 0 } = this.sent.get(messageId) ?? {};
    this.demand(!this.done.has(messageId), `${messageId} was applied twice`);
    this.done.add(messageId);
    this.moreOf.set(profileId, (this.moreOf.get(profileId) ?? 0) + more);
  }

  /**
   * A count is of the whole that a correction makes: what was said to those whom it merges and the lake had not read is
   * missing until it compares again.
   */
  private countWhole(messageId: string, { profileId, merged, eventCount, marks }: Profile): void {
    if (this.sent.get(messageId)?.eventCount === undefined) return;
    for (const id of merged.keys()) this.moreOf.delete(id);
    this.moreOf.set(profileId, eventCount - marks.size);
  }

  private checkVersion(messageId: string, before: Before): void {
    const { profileId = '', version } = this.sent.get(messageId) ?? {};
    const was = before.get(profileId)?.version;
    this.demand(
      was === version,
      `${messageId} of ${profileId} at version ${version} was applied at version ${was ?? 'none'}`,
    );
  }
}

interface Decision {
  readonly kind: string;
  readonly messageId: string;
  readonly identifier?: string;
}

const decisionsIn = (changes: readonly Change[]): Decision[] =>
  changes.flatMap(({ after }) => (typeof after?.log === 'string' ? (JSON.parse(after.log) as Decision[]) : []));
