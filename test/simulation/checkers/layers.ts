import { Event } from '../../../lambdas/core/events/event.ts';
import { markOf } from '../../../lambdas/core/profile/message-key.ts';
import { decodeMarks } from '../../../lambdas/core/profile/message-marks.ts';
import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import type { ProfileItem } from '../../../lambdas/core/table/profile-item.ts';
import type { Change } from '../../fakes/memory-store.ts';
import { messageIdIn, type Truth } from '../people/message.ts';
import { describeProfile } from './described.ts';
import { type Expected, toldTo } from './oracle.ts';

/**
 * Which messages were said to which profile while it lived, as the writes show it: whoever was live has a mark that
 * nobody in the write had.
 */
export class Layers {
  private readonly marksOf = new Map<string, Set<string>>();

  /** Takes in a write that is no unmerge. `before` are the profiles of its items until then. */
  take(changes: readonly Change[], before: readonly (ProfileItem | undefined)[]): void {
    const known = new Set(before.flatMap((item) => (item?.kind === 'profile' ? [...item.profile.marks.keys()] : [])));
    const tombstones = changes.filter(({ after }) => after?.kind === 'tombstone');
    for (const { after } of [...tombstones, ...changes.filter(({ after: item }) => item?.kind === 'profile')]) {
      const { profileId, marks, own } = after as { profileId: string; marks: string; own?: { lent?: string } };
      const layer = this.marksOf.get(profileId) ?? new Set();
      this.marksOf.set(profileId, layer);
      // A message that came again after a release may have been said to two, who were one when it did: the second has a
      // mark of its own.
      const again = own === undefined ? [] : [...decodeMarks(marks).keys()];
      for (const mark of again) layer.add(mark);
      for (const mark of [...decodeMarks(marks).keys(), ...decodeMarks(own?.lent ?? '').keys()]) {
        if (!known.has(mark)) layer.add(mark);
        known.add(mark);
      }
    }
  }

  /** Marks of the messages that were said to a profile and to those merged into it. */
  saidTo({ profileId, merged }: Pick<Profile, 'profileId' | 'merged'>): ReadonlySet<string> {
    return new Set([profileId, ...merged.keys()].flatMap((id) => [...(this.marksOf.get(id) ?? [])]));
  }

  /**
   * The live people that are not what was said to them and to those merged into them. `lines` are what was on the
   * stream.
   */
  wrongContents(
    live: readonly Profile[],
    lines: Iterable<string>,
    truths: readonly Truth[],
    moreThanMarked: (profile: Profile) => number,
  ): string[] {
    const truthOf = new Map(truths.map((truth) => [truth.messageId, truth]));
    const told = new Map([...lines].flatMap((line) => truthsIn(line, truthOf)));
    return live
      .filter(({ collection }) => collection === 'users')
      .flatMap((profile) => {
        const stated = [...this.saidTo(profile)].flatMap((mark) => told.get(mark) ?? []);
        const [found, wanted] = [
          contentOf(uncorrected(JSON.parse(describeProfile(profile)), moreThanMarked(profile))),
          contentOf(toldTo(stated)),
        ];
        return found === wanted ? [] : [`${profile.profileId} is ${found}, and what was said to it is ${wanted}`];
      });
  }
}

function truthsIn(line: string, truthOf: ReadonlyMap<string, Truth>): [string, Truth][] {
  const truth = truthOf.get(messageIdIn(line) ?? '');
  return truth ? [[markOf(Event.parse(JSON.parse(line))), truth]] : [];
}

/** Without what corrections said, which the checker of corrections looks at. */
const uncorrected = (described: Expected, more: number): Expected => ({
  ...described,
  messages: described.messages - more,
  traits: described.traits.filter(([name]) => !name.startsWith('corrected-')),
});

/** What goes by whom it was said to; identifiers, times and consent go by identifier. */
const contentOf = ({ traits, messages, recent, campaigns, segments, accounts }: Expected): string =>
  JSON.stringify({
    traits,
    messages,
    recent,
    campaigns,
    segments: [...segments].sort(),
    accounts: [...accounts].sort(),
  });
