import type { identityTable } from '../../adapters/dynamodb/identity-table.ts';
import { maxAttempts, type WaitBeforeAttempt } from '../../adapters/streams/backoff.ts';
import type { CdpConfig } from '../../core/config/config.ts';
import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import type { Profile, ProfileId } from '../../core/profile/profile.ts';
import type { AggregateRegistry } from '../../core/segments/history/registry.ts';
import type { StitchRules } from '../../core/stitching/batch/rules.ts';
import type { StoredProfile } from '../../core/stitching/batch/snapshot.ts';
import type { ProfileWrite, WriteOutcome } from '../../core/stitching/profile-write.ts';
import { planChanged } from '../../core/stitching/wake.ts';
import { mustBeDeployed } from '../histories/request.ts';

/** What marking a profile needs: its segments are decided again in the same write. */
export interface SuppressionDeps {
  readonly people: Pick<ReturnType<typeof identityTable>, 'readLive' | 'readAccounts'>;
  readonly config: CdpConfig;
  readonly registry: () => Promise<AggregateRegistry | undefined>;
  readonly write: (write: ProfileWrite) => Promise<WriteOutcome>;
  readonly pause: WaitBeforeAttempt;
  /** ISO 8601. */
  readonly now: () => string;
}

/**
 * Marks a profile as suppressed, so that it exits its segments and destinations are told nothing else, or takes the
 * mark away, so that it enters them again. A profile that is gone, or marked already, is left alone.
 * @throws OperatorRefused
 */
export const markSuppressed = (profileId: ProfileId, wanted: boolean, deps: SuppressionDeps): Promise<void> =>
  changeProfile(
    profileId,
    (profile) => ((profile.suppressed ?? false) === wanted ? profile : { ...profile, suppressed: wanted || undefined }),
    deps,
  );

/**
 * Changes a profile, and decides its segments again in the same write. One that is gone, or that stays the same, is
 * left alone. @throws OperatorRefused
 */
export const changeProfile = (
  profileId: ProfileId,
  change: (profile: Profile) => Profile,
  deps: SuppressionDeps,
): Promise<void> =>
  writeProfile(
    profileId,
    (stored) => {
      const changed = change(stored.profile);
      return changed === stored.profile ? undefined : (rules) => planChanged(stored, changed, rules, deps.now());
    },
    deps,
  );

/**
 * Writes what is planned for a profile as it is now, and plans again where somebody was first. One that is gone, or
 * that nothing is planned for, is left alone; its accounts and definitions are read only if it may change.
 * @throws OperatorRefused
 */
export async function writeProfile(
  profileId: ProfileId,
  planFor: (stored: StoredProfile) => ((rules: StitchRules) => ProfileWrite | undefined) | undefined,
  deps: SuppressionDeps,
): Promise<void> {
  const { people, config, pause } = deps;
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const stored = await people.readLive({ profileId });
    const plan = stored && planFor(stored);
    if (stored === undefined || plan === undefined) return;
    const accountOf = await people.readAccounts([stored.profile], config);
    const registry = await deps.registry();
    if (registry !== undefined) mustBeDeployed(registry, config);
    const write = plan({ ...config, registry, accountOf });
    if (write === undefined) return;
    const outcome = await deps.write(write);
    if (outcome.kind === 'written') return;
    if (outcome.kind === 'refused')
      throw new OperatorRefused('refused', `the profile table refuses it: ${outcome.reason}`);
    await pause(attempt);
  }
  throw new OperatorRefused('contended', 'somebody wrote to this person at every attempt; run the request again');
}
