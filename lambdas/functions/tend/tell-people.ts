import type { memberTable } from '../../adapters/dynamodb/members.ts';
import { EventFault, orFault } from '../../core/events/event-fault.ts';
import { textOf, typeOf } from '../../core/identifiers/identifier.ts';
import type { Profile, ProfileId } from '../../core/profile/profile.ts';
import type { Telling } from '../../core/profile/telling.ts';
import { dueUntil } from '../../core/segments/due/due-time.ts';
import type { StoredProfile } from '../../core/stitching/batch/snapshot.ts';
import { toldUntil } from '../../core/stitching/members.ts';
import type { WriteOutcome } from '../../core/stitching/profile-write.ts';
import { planChanged } from '../../core/stitching/wake.ts';
import { errorNameOf } from '../../core/values/thrown.ts';
import { maxAttempts, putOff, type WakeDeps, type Wakes, wake } from './wake.ts';

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
 * account that dies on the way stays due, and goes on there. One whose note cannot be stored is put off, as a person
 * is who cannot be woken.
 */
export async function tellPeople(profileId: ProfileId, deps: TellDeps): Promise<Told> {
  const account = await accountAt(profileId, deps);
  const telling = account?.profile.telling;
  if (account === undefined || telling === undefined) return { woken: 0, failed: 0, goesOn: false };
  const { people, next } = await nextPeople(account.profile, telling, deps);
  const entries = people.map((each) => ({ profileId: each }));
  const { woken, failed, contended } = await wake(entries, deps, true);
  if (contended > 0) return { woken, failed, goesOn: false };
  const noted = await note(account, { ...telling, next }, deps);
  if (noted.kind !== 'refused') return { woken, failed, goesOn: noted.kind === 'written' && next !== undefined };
  const { dueAt = deps.now() } = account.profile;
  await putOff({ profileId, dueAt: dueUntil(dueAt) }, noted.reason, deps);
  return { woken, failed: failed + 1, goesOn: false };
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
): Promise<WriteOutcome> {
  let account: StoredProfile | undefined = first;
  for (let attempt = 1; account?.profile.telling?.of === of; attempt++) {
    const outcome = await noteOnce(account, next, deps);
    if (outcome.kind !== 'contended' || attempt === maxAttempts) return outcome;
    await deps.pause(attempt);
    account = await accountAt(first.profile.profileId, deps);
  }
  return { kind: 'contended' };
}

async function noteOnce(
  account: StoredProfile,
  next: Telling | undefined,
  { config, now, write }: TellDeps,
): Promise<WriteOutcome> {
  const at = new Date(now()).toISOString();
  try {
    const noted = toldUntil(account.profile, next);
    return await write(orFault(() => planChanged(account, noted, config, at)));
  } catch (fault) {
    if (fault instanceof EventFault) return { kind: 'refused', reason: errorNameOf(fault.cause) };
    throw fault;
  }
}

async function accountAt(profileId: ProfileId, { read }: TellDeps): Promise<StoredProfile | undefined> {
  const [found] = await read([profileId]);
  return found === undefined || 'fault' in found ? undefined : found;
}
