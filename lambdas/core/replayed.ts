import type { IdentityRules } from './config.ts';
import { joinConsent, statementsOf } from './consent.ts';
import type { Event } from './event.ts';
import { accountOf, type Identifier, textOf } from './identifier.ts';
import { hourOf, isForgotten } from './marks.ts';
import { place } from './placement.ts';
import type { Profile, Seen } from './profile.ts';
import { recentOf, withRecent } from './recent.ts';
import { joinTouches, touchOf } from './touch.ts';
import { joinTrait, traitsOfAccount, traitsOfPerson } from './trait.ts';
import type { Sighting } from './working-set.ts';

type OwnerOf = (id: Identifier) => Profile | undefined;

/**
 * Whether a replayed event, which no mark tells of, may have been taken in already. Whatever limits dropped then, an event always kept its
 * most trusted identifier, and all it said went to that one's profile: if anything of it is new there, it was never taken in. Where an
 * operator parted people, what was said may have gone with the other, so there it is enough that the identifier was seen around that time.
 */
export function mayHaveApplied(sighting: Sighting, ownerOf: OwnerOf, rules: IdentityRules): boolean {
  const { event, identifiers } = sighting;
  const [trusted] = identifiers;
  const owner = trusted && ownerOf(trusted);
  if (owner === undefined) return false;
  if (names(owner, event.messageId)) return true;
  if (owner.apart.size > 0) return spans(owner.identifiers.get(trusted as Identifier), event);
  if (!isForgotten(owner.marks, hourOf(event.receivedAt)) || saysNews(owner, sighting, rules)) return false;
  return event.replayed === 'raw' || linksNothing(sighting, owner, ownerOf, rules);
}

/** Whether some message of this id was taken in, in these or other words. */
const names = ({ traits, recent, touches }: Profile, messageId: string): boolean =>
  [...recent, ...traits.values(), touches.first, touches.last].some((said) => said?.messageId === messageId);

const spans = (seen: Seen | undefined, { timestamp, receivedAt }: Event): boolean =>
  seen !== undefined && seen.first <= timestamp && timestamp <= seen.last && seen.linked <= receivedAt;

/** Whether the profile would hold anything that it does not, under whichever identifier. */
function saysNews(profile: Profile, sighting: Sighting, rules: IdentityRules): boolean {
  const { event, identifiers } = sighting;
  const { timestamp, messageId, sourceId } = event;
  const traits = Object.entries(profile.collection === 'users' ? traitsOfPerson(event) : traitsOfAccount(event));
  return (
    !spans(profile.identifiers.get(identifiers[0] as Identifier), event) ||
    withRecent(profile.recent, recentOf(event)) !== profile.recent ||
    traits.some(([name, value]) => joinTrait(profile.traits.get(name), { value, timestamp, messageId, sourceId }) !== profile.traits.get(name)) ||
    (profile.collection === 'users' && saysNewsOfPerson(profile, sighting, rules))
  );
}

function saysNewsOfPerson({ accounts, touches, consent }: Profile, { event, identifiers }: Sighting, rules: IdentityRules): boolean {
  const account = accountOf(event, rules);
  const touch = touchOf(event);
  const both = touch && joinTouches(touches, { first: touch, last: touch });
  // It was said under the last identifier that the event kept; which that was is not known.
  const [somewhere, ...elsewhere] = identifiers.map((id) => statementsOf(event, [id]));
  const isNew = (n: number) =>
    [somewhere, ...elsewhere].every((statements) => {
      const [key, statement] = statements?.[n] ?? [];
      return key !== undefined && statement !== undefined && joinConsent(consent.get(key), statement) !== consent.get(key);
    });
  return (
    (account !== undefined && !spans(accounts.get(textOf(account)), event)) ||
    (both !== undefined && (both.first !== touches.first || both.last !== touches.last)) ||
    (somewhere ?? []).some((_, n) => isNew(n))
  );
}

/** An event out of quarantine was not applied, so if it brings people together it has yet to. */
function linksNothing({ event, identifiers }: Sighting, owner: Profile, ownerOf: OwnerOf, rules: IdentityRules): boolean {
  const { profiles, identifiers: kept } = place({ identifiers, receivedAt: event.receivedAt }, ownerOf, rules);
  return profiles.length === 1 && kept.every((id) => owner.identifiers.has(id));
}
