import { isFormer } from '../identifiers/former-name.ts';
import { type Identifier, typeOf } from '../identifiers/identifier.ts';
import type { IdentityRules } from '../identifiers/rules.ts';
import type { Profile, ProfileId } from '../profile/profile.ts';
import { ownValue } from '../values/own-value.ts';

/** Since when an identifier is linked, and to which profile; undefined if an event adds it now. */
export interface Link {
  readonly at: string;
  readonly to?: ProfileId | undefined;
}

const day = 86_400_000;
const windows: ReadonlyMap<string, number> = new Map([
  ['weekly', 7 * day],
  ['monthly', 30 * day],
  ['annually', 365 * day],
]);

/** How many identifiers of a type one profile takes on, and within which span of time. */
function limitOf(type: string, { limits, defaultLimit }: IdentityRules) {
  const { max, window } = ownValue(limits, type) ?? { max: defaultLimit, window: 'ever' as const };
  return { max, window, milliseconds: windows.get(window) ?? Number.POSITIVE_INFINITY };
}

/**
 * The limit that the union of profiles would break with the added identifiers: more links of a type within a window
 * than allowed, unless one profile already has them all. A window extends both ways, because events arrive in any
 * order. An identifier that was released takes no room.
 */
export function brokenLimit(union: ReadonlyMap<Identifier, Link>, rules: IdentityRules): string | undefined {
  const counted = [...union].filter(([id]) => !isFormer(id));
  for (const [type, links] of Map.groupBy(counted, ([id]) => typeOf(id))) {
    const { max, window, milliseconds } = limitOf(type, rules);
    if (links.length <= max) continue;
    const inTime = links.map(([, { at, to }]) => ({ time: Date.parse(at), to })).sort((a, b) => a.time - b.time);
    const isBroken = inTime.some(({ time }, n) => {
      const last = inTime[n + max];
      return last !== undefined && last.time - time < milliseconds && !areOfOne(inTime.slice(n, n + max + 1));
    });
    if (isBroken) return `limit ${type} ${max} ${window}`;
  }
  return undefined;
}

const areOfOne = (links: readonly Pick<Link, 'to'>[]): boolean =>
  links[0]?.to !== undefined && links.every(({ to }) => to === links[0]?.to);

/**
 * Since when an identifier counts as linked after an event received at `at`: the earlier time, unless that would break
 * a limit.
 */
export function linkedSince(
  { profileId, identifiers }: Pick<Profile, 'profileId' | 'identifiers'>,
  id: Identifier,
  at: string,
  rules: IdentityRules,
): string {
  const linked = identifiers.get(id)?.linked ?? at;
  if (linked <= at || limitOf(typeOf(id), rules).window === 'ever') return linked < at ? linked : at;
  const same = [...identifiers].filter(([other]) => typeOf(other) === typeOf(id));
  const links = new Map(
    same.map(([other, seen]): [Identifier, Link] => [
      other,
      other === id ? { at } : { at: seen.linked, to: profileId },
    ]),
  );
  return brokenLimit(links, rules) === undefined ? at : linked;
}
