import type { memberTable } from '../../adapters/dynamodb/members.ts';
import { textOf, typeOf } from '../../core/identifiers/identifier.ts';
import type { Profile, ProfileId } from '../../core/profile/profile.ts';
import type { Telling } from '../../core/profile/telling.ts';
import type { StoredProfile } from '../../core/stitching/batch/snapshot.ts';
import { toldUntil } from '../../core/stitching/members.ts';
import { planChanged } from '../../core/stitching/wake.ts';
import { maxAttempts, type WakeDeps, type Wakes, wake } from './wake.ts';

/** Everything that waking an account's people works with. */
export interface TellDeps extends WakeDeps {
  readonly members: Pick<ReturnType<typeof memberTable>, 'page' | 'followed'>;
}

/** What became of some of the people, and whether the rest is to be woken now. */
interface Told extends Wakes {
  readonly goesOn: boolean;
}

/**
 * Wakes the next people of an account that changed, and notes in the account how far it is; the last note ends it. An
 * account that dies on the way stays due, and goes on there.
 */
export async function tellPeople(profileId: ProfileId, deps: TellDeps): Promise<Told> {
  const account = await accountAt(profileId, deps);
  const telling = account?.profile.telling;
  if (account === undefined || telling === undefined) return { woken: 0, failed: 0, goesOn: false };
  const { people, next } = await nextPeople(account.profile, telling, deps);
  const entries = people.map((each) => ({ profileId: each, dueAt: 0 }));
  const { woken, failed, contended } = await wake(entries, deps, true);
  const isNoted = contended === 0 && (await note(account, { ...telling, next }, deps));
  return { woken, failed, goesOn: isNoted && next !== undefined };
}

async function nextPeople(
  { identifiers }: Profile,
  { of, account, after }: Telling,
  { members }: TellDeps,
): Promise<{ readonly people: readonly ProfileId[]; readonly next: Telling | undefined }> {
  const groupIds = [...identifiers.keys()].filter((id) => typeOf(id) === 'group_id').map(textOf);
  const [current, following] = groupIds.filter((id) => id >= account).sort();
  if (current === undefined) return { people: [], next: undefined };
  const { profileIds, isLast } = await members.page(current, current === account ? after : '');
  const last = profileIds.at(-1);
  const inOther = following === undefined ? undefined : { of, account: following, after: '' };
  return {
    people: await members.followed(profileIds),
    next: isLast || last === undefined ? inOther : { of, account: current, after: last },
  };
}

/** Notes how far it is, unless another change begins again. */
async function note(
  first: StoredProfile,
  { of, next }: Pick<Telling, 'of'> & { readonly next: Telling | undefined },
  deps: TellDeps,
): Promise<boolean> {
  let account: StoredProfile | undefined = first;
  for (let attempt = 1; account?.profile.telling?.of === of; attempt++) {
    const now = new Date(deps.now()).toISOString();
    const { kind } = await deps.write(planChanged(account, toldUntil(account.profile, next), deps.config, now));
    if (kind !== 'contended' || attempt === maxAttempts) return kind === 'written';
    await deps.pause(attempt);
    account = await accountAt(first.profile.profileId, deps);
  }
  return false;
}

async function accountAt(profileId: ProfileId, { read }: TellDeps): Promise<StoredProfile | undefined> {
  const [found] = await read([profileId]);
  return found === undefined || 'fault' in found ? undefined : found;
}
