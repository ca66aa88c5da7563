import type { IdentityRules } from '../../../lambdas/core/identifiers/rules.ts';
import { emailOf } from '../../../lambdas/core/profile/addresses.ts';
import { namesOf } from '../../../lambdas/core/profile/known-as.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import type { ProfileItem } from '../../../lambdas/core/table/profile-item.ts';
import type { Change } from '../../fakes/memory-store.ts';
import type { Tally } from '../running/tally.ts';

interface Said {
  readonly segment: string;
  readonly change: 'entered' | 'exited';
}

/** Holds what writes announce to what they store: under each name the truth, and each change of it once. */
export class ToldChecker {
  readonly violations: string[] = [];
  /** `name segment` of who was announced last as a member. */
  private readonly members = new Set<string>();

  private readonly identity: IdentityRules;
  private readonly tally: Tally;

  constructor(identity: IdentityRules, tally: Tally) {
    this.identity = identity;
    this.tally = tally;
  }

  /** Looks at a write. `before` are the profiles of its items until then. */
  check(changes: readonly Change[], before: readonly Profile[], after: readonly ProfileItem[]): void {
    const isUnmerge = changes.some(({ after: item }) => String(item?.log).includes('"kind":"unmerge"'));
    for (const item of after) {
      if (item.kind !== 'profile') continue;
      const said = changesIn(changes, item.profile.profileId);
      if (!isUnmerge) this.findRepeated(said, before, item.profile);
      this.hear(said, isUnmerge ? [] : before, item.profile);
      this.compare(item.profile);
    }
  }

  /** Whoever had other names or another address is announced again: new names enter, and former ones leave. */
  private findRepeated(said: readonly Said[], before: readonly Profile[], after: Profile): void {
    const names = this.namesOf(after);
    const isSame = (profile: Profile): boolean =>
      this.namesOf(profile).join() === names.join() && emailOf(profile) === emailOf(after);
    const others = before.filter((profile) => !isSame(profile));
    for (const { segment, change } of said) {
      this.tally.add(`told: ${change} ${segment}`);
      const isKnown = names.every((name) => this.members.has(`${name} ${segment}`) === (change === 'entered'));
      if (isKnown && !others.some(({ segments }) => segments.has(segment)))
        this.violations.push(`${names} ${change} ${segment} twice`);
    }
  }

  /** An announcement says what is true of all names of now, and that former ones are out. */
  private hear(said: readonly Said[], before: readonly Profile[], after: Profile): void {
    const names = this.namesOf(after);
    const former = before.flatMap((profile) => this.namesOf(profile)).filter((name) => !names.includes(name));
    for (const { segment, change } of said) {
      for (const name of former) this.members.delete(`${name} ${segment}`);
      for (const name of names)
        if (change === 'entered') this.members.add(`${name} ${segment}`);
        else this.members.delete(`${name} ${segment}`);
    }
    for (const name of former)
      for (const segment of this.segmentsOf(name))
        this.violations.push(`${name} is nobody's name, and nothing was announced about ${segment}`);
  }

  private compare(profile: Profile): void {
    const { segments, profileId } = profile;
    const real = [...segments.keys()].toSorted().join();
    for (const name of this.namesOf(profile)) {
      const known = this.segmentsOf(name).toSorted().join();
      if (known !== real) this.violations.push(`${profileId} is in ${real}, and of ${name} was told ${known}`);
    }
  }

  private segmentsOf(name: string): string[] {
    const [start, members] = [`${name} `, [...this.members]];
    return members.flatMap((member) => (member.startsWith(start) ? [member.slice(start.length)] : []));
  }

  private namesOf(profile: Profile): string[] {
    return namesOf(profile, this.identity).map((name) => JSON.stringify(name));
  }
}

function changesIn(changes: readonly Change[], profileId: string): readonly Said[] {
  const item = changes.find(({ key }) => key === `profile#${profileId} state`)?.after;
  return item?.changes === undefined ? [] : JSON.parse(String(item.changes));
}
