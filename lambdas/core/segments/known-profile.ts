import { typeOf } from '../identifiers/identifier.ts';
import { isGranted } from '../profile/consent.ts';
import type { AccountOf, Profile } from '../profile/profile.ts';
import type { Known, KnownAccount } from './evaluation/known.ts';

/** What segments may ask about a profile; nothing about its accounts, unless somebody finds them. */
export const knownOf = (profile: Profile, accountOf: AccountOf = () => undefined): Known => ({
  profileId: profile.profileId,
  get since() {
    return Date.parse(profile.firstSeen);
  },
  clock: Date.parse(profile.lastSeen),
  aggregates: profile.aggregates,
  traitOf: (name) => profile.traits.get(name)?.value ?? undefined,
  consentOf: (category) => isGranted(profile, category),
  hasIdentifier: (type) => [...profile.identifiers.keys()].some((id) => typeOf(id) === type),
  accounts: profile.accounts.size === 0 ? none : accountsOf(profile, accountOf),
});

const none: Known['accounts'] = [];

const accountsOf = ({ accounts }: Profile, accountOf: AccountOf): Known['accounts'] =>
  [...accounts.keys()].flatMap((name) => {
    const account = accountOf(name);
    return account === undefined ? [] : [{ name, ...knownOfAccount(account) }];
  });

/** What people's segments may ask about an account. */
const knownOfAccount = ({ traits, segments }: Profile): Pick<KnownAccount, 'traitOf' | 'memberOf'> => ({
  traitOf: (name) => traits.get(name)?.value ?? undefined,
  memberOf: (key) => segments.has(key),
});
