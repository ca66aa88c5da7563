import type { Profile } from '../../lambdas/core/profile/profile.ts';
import type { ProfileWrite, WriteOutcome } from '../../lambdas/core/stitching/profile-write.ts';
import type { SegmentPlay } from '../core/stitching/segment-play.ts';

/** What happens when a history is written: somebody else writes first, or the command dies before or after it. */
export type Fate = 'none' | 'race' | 'dies before' | 'dies after';

/** What a command that dies throws. */
export const death = new Error('the command died');

/** Writes of histories, to the first of which something happens. */
export class FatedWrites {
  readonly seen = { brought: 0, announced: 0, races: 0, deaths: 0 };
  fate: Fate = 'none';
  private readonly play: SegmentPlay;

  constructor(play: SegmentPlay) {
    this.play = play;
  }

  async write(write: ProfileWrite): Promise<WriteOutcome> {
    const { fate } = this;
    this.fate = 'none';
    if (fate === 'dies before') this.die();
    if (fate === 'race') await this.touch(write.profile);
    const outcome = await this.play.table.write(write);
    if (outcome.kind === 'contended') this.seen.races += 1;
    else {
      this.seen.brought += 1;
      this.seen.announced += write.changes.length;
    }
    if (fate === 'dies after') this.die();
    return outcome;
  }

  private die(): never {
    this.seen.deaths += 1;
    throw death;
  }

  /** An event of the same person is stitched meanwhile. */
  private async touch({ identifiers }: Profile): Promise<void> {
    const [device] = [...identifiers.keys()].flatMap((id) => /^anonymous_id:d(\d)$/.exec(id)?.slice(1) ?? []);
    const happened = { at: this.play.now, name: 'C', properties: {}, mark: '' };
    await this.play.step({ do: 'event', device: Number(device ?? 0) }, happened);
  }
}
