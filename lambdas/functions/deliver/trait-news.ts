import type { Profile, ProfileId } from '../../core/profile/profile.ts';
import type { ChangeDeps } from './visit.ts';

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

/** News that share the work, and the person as the table had it when they were put together. */
interface Shared {
  readonly those: readonly TraitNews[];
  /** Undefined if there is none, or it could not be read. */
  readonly profile: Profile | undefined;
}

/** News of profiles that have merged meanwhile are about one person, and share the work. */
export async function byPerson(
  all: readonly TraitNews[],
  { find }: Pick<ChangeDeps, 'find'>,
): Promise<ReadonlyMap<TraitNews, Shared>> {
  const found = await Promise.all(
    all.map(async (news) => ({ news, profile: await find(news.profileId).catch(() => undefined) })),
  );
  const groups = Map.groupBy(found, ({ news, profile }) =>
    JSON.stringify([profile?.profileId ?? news.profileId, news.trait]),
  );
  return new Map(
    [...groups.values()].map((group) => {
      const those = group.map(({ news }) => news);
      const again = those.find((one) => one.again)?.again;
      const news = { ...(those[0] as TraitNews), occasions: those.flatMap(({ occasions }) => occasions), again };
      return [news, { those, profile: group[0]?.profile }];
    }),
  );
}
