import type { IdentityRules } from '../../../lambdas/core/identifiers/rules.ts';
import { nameOf } from '../../../lambdas/core/profile/known-as.ts';
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
      const name = this.nameOf(item.profile);
      const said = changesIn(changes, item.profile.profileId);
      const others = before.filter((profile) => this.nameOf(profile) !== name);
      for (const { segment, change } of said) {
        this.tally.add(`told: ${change} ${segment}`);
        const isKnown = this.members.has(`${name} ${segment}`) === (change === 'entered');
        // An unmerge tells all that is true. Of whoever was a member under another name, destinations are told again:
        // that name leaves.
        if (isKnown && !isUnmerge && !others.some(({ segments }) => segments.has(segment)))
          this.violations.push(`${name} ${change} ${segment} twice`);
        if (change === 'entered') this.members.add(`${name} ${segment}`);
        else this.members.delete(`${name} ${segment}`);
      }
      // Whoever became another, or got another name, is a member under the former name no more.
      if (!isUnmerge) for (const former of others) this.forget(this.nameOf(former));
      this.compare(name, item.profile);
    }
  }

  private forget(name: string): void {
    for (const member of this.members) if (member.startsWith(`${name} `)) this.members.delete(member);
  }

  private compare(name: string, { segments, profileId }: Profile): void {
    const told = [...this.members].flatMap((member) =>
      member.startsWith(`${name} `) ? [member.slice(name.length + 1)] : [],
    );
    const [known, real] = [told, [...segments.keys()]].map((keys) => keys.toSorted().join());
    if (known !== real) this.violations.push(`${profileId} is in ${real}, and of ${name} was told ${known}`);
  }

  private nameOf(profile: Profile): string {
    return JSON.stringify(nameOf(profile, this.identity));
  }
}

function changesIn(changes: readonly Change[], profileId: string): readonly Said[] {
  const item = changes.find(({ key }) => key === `profile#${profileId} state`)?.after;
  return item?.changes === undefined ? [] : JSON.parse(String(item.changes));
}
