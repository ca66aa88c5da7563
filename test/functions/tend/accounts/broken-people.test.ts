import { describe, expect, it } from 'vitest';
import { planWake } from '../../../../lambdas/core/stitching/wake.ts';
import type { TendDeps } from '../../../../lambdas/functions/tend/handler.ts';
import { AccountPlatform, type TableDeps } from './account-platform.ts';

/** Somebody is broken so long. */
const minutes = 130;

type Break = (deps: TableDeps, isBroken: (profileId: string) => boolean) => Partial<TendDeps>;

const cannotBeStored: Break = ({ write }, isBroken) => ({
  write: async (planned) =>
    isBroken(planned.profile.profileId) ? { kind: 'refused', reason: 'too large' } : write(planned),
});
const cannotBeRead: Break = ({ read }, isBroken) => ({
  read: async (ids) => [
    ...(await read(ids.filter((id) => !isBroken(id)))),
    ...ids.filter(isBroken).map((profileId) => ({ profileId, fault: new TypeError('damaged') })),
  ],
});

/** Three people of an account that becomes pro, of whom one, or which itself, is broken for a while. */
async function changed(whom: string, broken: Break) {
  const platform = new AccountPlatform();
  for (const id of ['ann', 'bob', 'cid']) await platform.take(platform.joins(id, { plan: 'free' }));
  await platform.tend();
  await platform.take(platform.joins('ann', { plan: 'pro' }));
  const { profileId } = platform.profileOf(whom);
  const seen = { tries: 0, warnings: 0 };
  const isBroken = (id: string): boolean => {
    if (id === profileId) seen.tries += 1;
    return id === profileId;
  };
  const tend = () =>
    platform.tend((deps) => ({
      ...broken(deps, isBroken),
      warn: () => {
        seen.warnings += 1;
      },
    }));
  return { platform, seen, tend };
}

describe('one of an account’s people', () => {
  it.each([
    { name: 'who cannot be stored', broken: cannotBeStored },
    { name: 'who cannot be read', broken: cannotBeRead },
  ])('$name holds up nobody, is tried once an hour, and moves when it is mended', async ({ broken }) => {
    const { platform, seen, tend } = await changed('user_id:bob', broken);
    for (let n = 0; n < minutes; n++) await tend();
    expect(platform.members('pro')).toEqual(['user_id:ann', 'user_id:cid']);
    expect(seen.warnings).toBe(1 + Math.floor(minutes / 60));
    for (let n = 0; n < 61; n++) await platform.tend();
    expect(platform.members('pro')).toEqual(['user_id:ann', 'user_id:bob', 'user_id:cid']);
    expect(platform.profileOf('user_id:bob').dueAt).toBeUndefined();
  });

  it('who would be due again at once holds up nobody, and is tried once an hour', async () => {
    const { platform } = await changed('user_id:bob', () => ({}));
    const { profileId } = platform.profileOf('user_id:bob');
    const warnings: string[] = [];
    const warn: TendDeps['warn'] = (_, { reason }) => warnings.push(String(reason));
    const plan: typeof planWake = (stored, config, at) => {
      const planned = planWake(stored, config, at);
      const isBroken = stored.profile.profileId === profileId;
      return isBroken ? { ...planned, profile: { ...planned.profile, dueAt: Date.parse(at) } } : planned;
    };
    for (let n = 0; n < minutes; n++) await platform.tend(() => ({ warn }), plan);
    expect(warnings).toEqual(Array.from({ length: 1 + Math.floor(minutes / 60) }, () => 'due again at once'));
    expect(platform.members('pro')).toEqual(['user_id:ann', 'user_id:cid']);
  });
});

describe('an account', () => {
  it('that cannot be stored wakes its people once an hour until it is mended', async () => {
    const { platform, seen, tend } = await changed('group_id:acme', cannotBeStored);
    for (let n = 0; n < minutes; n++) await tend();
    expect(platform.members('pro')).toEqual(['user_id:ann', 'user_id:bob', 'user_id:cid']);
    expect([seen.warnings, seen.tries]).toEqual([1 + Math.floor(minutes / 60), 1 + Math.floor(minutes / 60)]);
    expect(platform.profileOf('group_id:acme').telling).toBeDefined();
    for (let n = 0; n < 61; n++) await platform.tend();
    expect(platform.profileOf('group_id:acme').telling).toBeUndefined();
  });
});
