import type { Histories } from '../../profile/histories.ts';
import type { ProfileId } from '../../profile/profile.ts';
import { isMadeBefore } from '../../profile/profile-id.ts';
import { type AggregateRegistry, registeredBetween } from './registry.ts';

/**
 * The histories of a profile after an event that was received before some aggregates began. To profiles that are newer
 * than these it came late: it is in a history that they were not known to have. `ids` are the profile and those that
 * merged into it.
 */
export function historiesAfterLate(
  histories: Histories | undefined,
  ids: readonly ProfileId[],
  registry: AggregateRegistry,
  receivedAt: string,
): Histories | undefined {
  const filling = histories?.filling;
  if (histories === undefined || filling === undefined || filling.late) return histories;
  const missed = [...registeredBetween(registry, filling.from, filling.of).values()].flatMap(({ cut }) =>
    cut !== undefined && cut > receivedAt ? [cut] : [],
  );
  const isLate = ids.some((id) => !filling.ids.has(id) && missed.some((cut) => !isMadeBefore(id, cut)));
  if (!isLate) return histories;
  return { ...histories, based: Math.min(histories.based, filling.from), filling: { ...filling, late: true } };
}
