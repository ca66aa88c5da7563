import { type CdpConfigInput, parseConfig } from '../core/config/config.ts';
import type { ProfileChange } from '../core/destinations/announcement.ts';
import { type ResendWish, resendNews } from '../core/operations/resend-news.ts';
import type { Profile } from '../core/profile/profile.ts';
import type { AggregateRegistry } from '../core/segments/history/registry.ts';

/** What an operator asks for; without segments and traits, all that the destination is told. */
interface Chosen {
  readonly segment?: readonly string[] | undefined;
  readonly trait?: readonly string[] | undefined;
  readonly profile?: readonly string[] | undefined;
}

/** A destination is not told what was asked for. */
export class NotTold extends Error {
  override readonly name = 'NotTold';
}

/** What a destination is told again, of what it is told. @throws NotTold */
export function resendWish(input: CdpConfigInput, id: string, { segment, trait, profile }: Chosen): ResendWish {
  const destination = parseConfig(input).destinations.find((one) => one.id === id);
  if (destination === undefined) throw new NotTold(`cdp.config.ts has no destination "${id}"`);
  const isAll = segment === undefined && trait === undefined;
  const choose = (what: string, told: readonly string[], chosen: readonly string[] = []): Set<string> => {
    for (const key of chosen)
      if (!told.includes(key))
        throw new NotTold(`${id} is not told the ${what} "${key}"; it is told: ${told.join(', ') || 'none'}`);
    return new Set(isAll ? told : chosen);
  };
  return {
    segments: choose('segment', destination.segments, segment),
    traits: choose('computed trait', destination.traits, trait),
    profiles: profile && new Set(profile),
  };
}

/** Returns what finds out what is told again about somebody. */
export function newsFor(
  input: CdpConfigInput,
  wish: ResendWish,
  { registry, now }: { readonly registry: AggregateRegistry | undefined; readonly now: () => number },
): (profile: Profile) => readonly ProfileChange[] {
  const definitions = { ...parseConfig(input), registry };
  return (profile) => resendNews(profile, wish, definitions, now());
}
