import type { ProfileId } from '../../core/profile/profile.ts';
import type { ChangeDeps } from './changes.ts';

/** A trait that messages are about, and the ids of their events on the bus. */
export interface TraitNews {
  readonly profileId: ProfileId;
  readonly trait: string;
  readonly occasions: readonly string[];
  /** When its message was queued, milliseconds since 1970. */
  readonly queued?: number | undefined;
  /** Whether an operator has it told again, also if the destination knows it. */
  readonly again?: true | undefined;
}

/** News of profiles that have merged meanwhile are about one person, and share the work. */
export async function byPerson(
  all: readonly TraitNews[],
  { find }: Pick<ChangeDeps, 'find'>,
): Promise<ReadonlyMap<TraitNews, readonly TraitNews[]>> {
  const idOf = ({ profileId }: TraitNews): Promise<ProfileId> =>
    find(profileId).then(
      (profile) => profile?.profileId ?? profileId,
      () => profileId,
    );
  const found = await Promise.all(all.map(async (news) => ({ news, id: await idOf(news) })));
  const groups = [...Map.groupBy(found, ({ news, id }) => JSON.stringify([id, news.trait])).values()];
  return new Map(
    groups.map((group) => {
      const those = group.map(({ news }) => news);
      const again = those.find((one) => one.again)?.again;
      return [{ ...(those[0] as TraitNews), occasions: those.flatMap(({ occasions }) => occasions), again }, those];
    }),
  );
}
