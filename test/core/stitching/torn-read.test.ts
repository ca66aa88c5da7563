import { expect, it } from 'vitest';
import type { Identifier } from '../../../lambdas/core/identifiers/identifier.ts';
import { newProfile, type Profile } from '../../../lambdas/core/profile/profile.ts';
import { sight } from '../../../lambdas/core/stitching/batch/sighting.ts';
import { planStitch } from '../../../lambdas/core/stitching/plan.ts';
import { configOf, eventOf, minute } from '../../fixtures/events.ts';

const config = configOf({ identity: { defaultLimit: 100 } });

const profileWith = (profileId: string, ...identifiers: Identifier[]): Profile => {
  const profile = newProfile(profileId, eventOf({ receivedAt: minute(0) }));
  for (const id of identifiers) profile.identifiers.set(id, { first: minute(0), last: minute(0), linked: minute(0) });
  return profile;
};

/**
 * A batch of reads is no snapshot: the younger profile was read before it absorbed the owner of `torn`, and that
 * owner's tombstone after. The write will be contended; a profile of its own, which owns nothing, would not be.
 */
it('makes no new profile for an identifier whose profile was read before it absorbed the owner', () => {
  const older = { profile: profileWith('p1', 'anonymous_id:a'), version: 1 };
  const younger = { profile: profileWith('p2', 'anonymous_id:b'), version: 1 };
  const snapshot = new Map<Identifier, typeof older>([
    ['anonymous_id:a', older],
    ['anonymous_id:b', younger],
    ['anonymous_id:torn', younger],
  ]);
  const events = [eventOf({ type: 'alias', anonymousId: 'a', previousId: 'b' }), eventOf({ anonymousId: 'torn' })];
  const { writes } = planStitch(sight(events, config), snapshot, config, () => 'new');
  expect(writes).toHaveLength(1);
  expect(writes[0]?.profile.profileId).toBe('p1');
  expect(writes[0]?.sightings).toHaveLength(2);
});
