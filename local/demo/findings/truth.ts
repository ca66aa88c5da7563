import { all, trait } from '../../../lambdas/core/segments/language/people.ts';
import type { Rule } from '../../../lambdas/core/segments/language/rule.ts';
import type { Phase } from '../shop/calls.ts';
import { totals } from '../shop/journey.ts';
import type { Person } from '../shop/people.ts';
import type { Script } from '../shop/script.ts';
import type { Systems } from '../shop/systems.ts';
import { type Audience, advertising, audienceOf, profiling } from './advertising.ts';
import { importedFrom, type Learned, learnedFrom } from './systems.ts';

/** A person's expected profile at the end. */
export interface TrueProfile {
  /** `type:value` of each. */
  readonly identifiers: ReadonlySet<string>;
  readonly traits: Readonly<Record<string, unknown>>;
  readonly segments: ReadonlySet<string>;
  /** Distinct messages about them. */
  readonly messages: number;
}

/** Expected results, derived from the script alone and from no code of the platform. */
export interface Truth {
  /** Calls that the SDKs get, repetitions included. */
  readonly sent: number;
  readonly messages: number;
  readonly messageIds: ReadonlySet<string>;
  /** Distinct messages up to the end of each phase. */
  readonly messagesAfterPhase: readonly number[];
  /** By userId; by device for anonymous visitors; by `type:value` for whom only another system knows. */
  readonly profiles: ReadonlyMap<string, TrueProfile>;
  /** Merged profiles: each second device and each device with a left address began as an unknown person. */
  readonly merges: number;
  /** `userId segment` of each entry, and of each exit. */
  readonly entries: ReadonlySet<string>;
  readonly exits: ReadonlySet<string>;
  /** Entries announced before anybody unsubscribes. */
  readonly segmentMembers: ReadonlyMap<string, number>;
  /** Other systems of the shop, whose events are counted apart from those of the SDKs. */
  readonly systems: Systems;
  /** Events of the systems as they reach the platform, and without repetitions. */
  readonly imported: { readonly lines: number; readonly messages: number };
  /** Whom the advertising tool is told about, if that is compared. */
  readonly audience: Audience | undefined;
}

/** The demo's segments in plain code, because the demo checks `cdp.config.ts`. */
const rules: ReadonlyMap<string, (person: Person) => boolean> = new Map([
  ['big_spenders', ({ orders }: Person) => orders.reduce((sum, { cents }) => sum + cents, 0) >= 200_00],
  ['repeat_buyers', ({ orders }: Person) => orders.length >= 3],
  ['newsletter', ({ newsletter }: Person) => newsletter],
]);

/**
 * The conditions of these rules. A segment with another condition in `cdp.config.ts` has members that the demo cannot
 * predict.
 */
export const demoSegments: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['big_spenders', trait('lifetime_value').atLeast(200)],
  ['repeat_buyers', trait('order_count').atLeast(3)],
  ['newsletter', all(trait('email').exists(), trait('newsletter').equals(true))],
]);

/** Derives the expected results of a script and of other systems, with memberships of the checked segments alone. */
export function truthOf(
  { people, visitors, phases, consents }: Script,
  checked: ReadonlySet<string> = new Set(rules.keys()),
  systems: Systems = {},
): Truth {
  const messages = messagesAbout(phases);
  const learned = learnedFrom(systems);
  const joins = (person: Person): string[] =>
    consents.get(person.userId)?.[profiling] === false ? [] : [...checked].filter((key) => rules.get(key)?.(person));
  const entries = people.flatMap((person) => joins(person).map((segment) => `${person.userId} ${segment}`));
  const profiles = new Map<string, TrueProfile>([
    ...visitors.map((device): [string, TrueProfile] => [device, visitor(device, messages.get(device) ?? 0)]),
    ...people.map((person): [string, TrueProfile] => [
      person.userId,
      knowing(customer(person, messages.get(person.userId) ?? 0, joins(person)), learned.get(person.userId)),
    ]),
    ...[...learned]
      .filter(([who]) => who.includes(':'))
      .map(([who, said]): [string, TrueProfile] => [who, knowing(nobody, said)]),
  ]);
  const imported = importedFrom(systems);
  const rich = people.filter((person) => joins(person).includes(advertising.segment));
  return {
    sent: phases.flatMap(({ requests }) => requests).reduce((sum, { calls }) => sum + calls.length, 0),
    messages: idsIn(phases).size,
    messageIds: idsIn(phases),
    messagesAfterPhase: phases.map((_, index) => idsIn(phases.slice(0, index + 1)).size),
    profiles,
    merges: people
      .flatMap(({ secondDevice, wishlistDevice }) => [secondDevice, wishlistDevice])
      .filter((device) => device !== undefined).length,
    entries: new Set(entries),
    exits: new Set(
      people
        .filter((person) => person.unsubscribes && joins(person).includes('newsletter'))
        .map(({ userId }) => `${userId} newsletter`),
    ),
    segmentMembers: new Map(
      [...checked].map((key) => [key, [...profiles.values()].filter(({ segments }) => segments.has(key)).length]),
    ),
    systems,
    imported: {
      lines: imported.reduce((sum, { lines }) => sum + lines, 0),
      messages: imported.reduce((sum, { messages }) => sum + messages, 0),
    },
    audience: checked.has(advertising.segment)
      ? audienceOf(
          rich.map(({ userId }) => userId),
          consents,
        )
      : undefined,
  };
}

const nobody: TrueProfile = { identifiers: new Set(), traits: {}, segments: new Set(), messages: 0 };

/** The profile of somebody of whom other systems say more. */
const knowing = (profile: TrueProfile, said: Learned | undefined): TrueProfile =>
  said === undefined
    ? profile
    : {
        ...profile,
        identifiers: new Set([...profile.identifiers, ...said.identifiers]),
        traits: { ...profile.traits, ...said.traits },
        messages: profile.messages + said.messages,
      };

const visitor = (device: string, messages: number): TrueProfile => ({
  identifiers: new Set([`anonymous_id:${device}`]),
  traits: {},
  segments: new Set(),
  messages,
});

function customer(person: Person, messages: number, joined: readonly string[]): TrueProfile {
  const { userId, firstName, lastName, email, laterEmail, formerEmail, phone, device, secondDevice, wishlistDevice } =
    person;
  const emails = [email, laterEmail, formerEmail].flatMap((contact) => (contact ? [`email:${contact.meant}`] : []));
  const devices = [device, secondDevice, wishlistDevice].flatMap((id) =>
    id === undefined ? [] : [`anonymous_id:${id}`],
  );
  return {
    identifiers: new Set([`user_id:${userId}`, ...emails, ...devices, ...(phone ? [`phone:${phone.meant}`] : [])]),
    traits: {
      first_name: firstName,
      last_name: lastName,
      email: (laterEmail ?? email).typed,
      newsletter: person.newsletter && !person.unsubscribes,
      ...totals(person.orders),
      ...(phone && { phone: phone.typed }),
    },
    segments: new Set(joined.filter((segment) => segment !== 'newsletter' || !person.unsubscribes)),
    messages,
  };
}

const callsOf = (phases: readonly Phase[]) => phases.flatMap(({ requests }) => requests.flatMap(({ calls }) => calls));

const idsIn = (phases: readonly Phase[]): Set<string> => new Set(callsOf(phases).map(({ messageId }) => messageId));

function messagesAbout(phases: readonly Phase[]): Map<string, number> {
  const ids = Map.groupBy(callsOf(phases), ({ about }) => about);
  return new Map([...ids].map(([about, calls]) => [about, new Set(calls.map(({ messageId }) => messageId)).size]));
}
