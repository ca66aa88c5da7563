import { type Event, limits } from '../events/event.ts';
import { fieldsOf, isNumber, numberText, valueAt } from '../values/json.ts';
import { compareTexts } from '../values/text.ts';
import { isBlocked } from './blocked.ts';
import { normalizeEmail } from './email.ts';
import { normalizePhone } from './phone.ts';
import { type IdentityRules, isIdentifierType } from './rules.ts';

/** `type:value`, e.g. `email:ann@example.com`; a type never holds a colon. */
export type Identifier = `${string}:${string}`;

export const identifier = (type: string, value: string): Identifier => `${type}:${value}`;
export const typeOf = (id: Identifier): string => id.slice(0, id.indexOf(':'));
/** The type of an identifier, also if it is a former name (`former-name.ts`), whose type has a time, too. */
export const plainType = (id: Identifier): string => typeOf(id).replace(/~\d{1,15}$/, '');
export const textOf = (id: Identifier): string => id.slice(id.indexOf(':') + 1);

/** Whether a text has a type, and a value after it; the type of a former name has a time, too. */
export const isIdentifier = (text: string): text is Identifier => {
  const colon = text.indexOf(':');
  return colon >= 0 && colon + 1 < text.length && isIdentifierType(plainType(text as Identifier));
};

/**
 * The identifiers in an event, and those of them that are blocked from linking. Both are normalized and unique, most
 * trusted first.
 */
export interface StatedIdentifiers {
  readonly usable: readonly Identifier[];
  readonly blocked: readonly Identifier[];
}

/** Reads the identifiers in an event. A value of the wrong form is not an identifier, but stays a trait. */
export function identifiersOf(event: Event, rules: IdentityRules, defaultCountry?: string): StatedIdentifiers {
  const stated: Identifier[] = [];
  for (const claims of [
    idsOf(event),
    contactsOf(event),
    deviceIds(event),
    externalIds(event, 'users'),
    customIds(event, rules),
  ])
    for (const [type, value] of claims) {
      const id = normalize(type, value, defaultCountry);
      if (id !== undefined && !stated.includes(id)) stated.push(id);
    }
  stated.sort((a, b) => byPriority(a, b, rules));
  const blocked = stated.filter((id) => isBlocked(typeOf(id), textOf(id), rules));
  return { usable: blocked.length === 0 ? stated : stated.filter((id) => !blocked.includes(id)), blocked };
}

/**
 * The most trusted identifier of an event, the first that `identifiersOf` finds. Where user ids are trusted most, and an
 * event states only one, nothing else of it is read.
 */
export function mostTrusted(event: Event, rules: IdentityRules, defaultCountry?: string): Identifier | undefined {
  const isPlain = rules.priority[0] === 'user_id' && event.context?.externalIds === undefined;
  if (isPlain && event.userId !== undefined && !rules.identifiers.some(({ type }) => type === 'user_id')) {
    const id = normalize('user_id', event.userId);
    if (id !== undefined && !isBlocked('user_id', textOf(id), rules)) return id;
  }
  return identifiersOf(event, rules, defaultCountry).usable[0];
}

/** Makes what finds the most trusted identifier of events of sources, each with its country. */
export function mostTrustedIn({ identity, sources }: TrustRules): (event: Event) => Identifier | undefined {
  const countryOf = new Map(sources.map(({ id, defaultCountry }) => [id, defaultCountry]));
  return (event) => mostTrusted(event, identity, countryOf.get(event.sourceId));
}

/** What identifiers of events are read with. */
export interface TrustRules {
  readonly identity: IdentityRules;
  readonly sources: readonly { readonly id: string; readonly defaultCountry?: string | undefined }[];
}

/** Whether a call tells of an account and names no person, as the row of a company in a CRM does. */
export const isOfAccountAlone = (event: Event, { usable, blocked }: StatedIdentifiers): boolean =>
  event.type === 'group' && usable.length + blocked.length === 0;

/** The account that any other call names in its context. */
export function accountNamed(event: Event, rules: IdentityRules): Identifier | undefined {
  const named = event.type === 'group' ? undefined : normalize('group_id', event.context?.groupId);
  return named && !isBlocked('group_id', textOf(named), rules) ? named : undefined;
}

/** The external ids that a call states of its person, normalized, without blocked ones. */
export const statedExternalIds = (event: Pick<Event, 'context'>, rules: IdentityRules): Identifier[] =>
  externalIds(event, 'users')
    .flatMap(([type, value]) => normalize(type, value) ?? [])
    .filter((id) => !isBlocked(typeOf(id), textOf(id), rules));

/** The account of a group call. */
export function accountOf(event: Event, rules: IdentityRules): Identifier | undefined {
  const groupId = event.type === 'group' ? normalize('group_id', event.groupId) : undefined;
  return groupId && !isBlocked('group_id', textOf(groupId), rules) ? groupId : undefined;
}

/**
 * Orders identifiers from most to least trusted, then by value, so that the same event always drops the same one first.
 * A former name has the place of its identifier.
 */
export const byPriority = (a: Identifier, b: Identifier, rules: IdentityRules): number =>
  rankOf(a, rules) - rankOf(b, rules) || compareTexts(withPlainType(a), withPlainType(b)) || compareTexts(a, b);

const withPlainType = (id: Identifier): Identifier => (id.includes('~') ? identifier(plainType(id), textOf(id)) : id);

/**
 * Rank of an identifier's type in the rules' priority, 0 for the most trusted; unlisted types rank just before
 * `anonymous_id`. An identifier that was released is trusted as before.
 */
export function rankOf(id: Identifier, { priority }: IdentityRules): number {
  const place = priority.indexOf(id.includes('~') ? plainType(id) : typeOf(id));
  if (place !== -1) return place;
  const anonymous = priority.indexOf('anonymous_id');
  return (anonymous === -1 ? priority.length : anonymous) - 0.5;
}

type Claim = readonly [type: string, value: unknown];

const idsOf = (event: Event): Claim[] => [
  ['user_id', event.userId],
  ['anonymous_id', event.anonymousId],
  ...(event.type === 'alias' ? [['anonymous_id', event.previousId] as const] : []),
];

/**
 * Traits of an identify call, and of the context of any call, where RudderStack's SDKs put them. A group call's traits
 * belong to the group.
 */
const contactsOf = (event: Event): Claim[] =>
  [fieldsOf(event.context?.traits), event.type === 'identify' ? fieldsOf(event.traits) : {}].flatMap(
    ({ email, phone }): Claim[] => [
      ['email', email],
      ['phone', phone],
    ],
  );

/** Uses Segment's names: `ios.id` and `ios.idfa`, or `android.…`; the advertising id only if tracking is allowed. */
function deviceIds(event: Event): Claim[] {
  if (event.context?.device === undefined) return [];
  const { id, type, advertisingId, adTrackingEnabled } = fieldsOf(event.context.device);
  const system = typeof type === 'string' && /^(ios|android)$/i.test(type) ? type.toLowerCase() : 'device';
  return [[`${system}.id`, id], ...(adTrackingEnabled === true ? [[`${system}.idfa`, advertisingId] as const] : [])];
}

/** Segment requires all four fields; other entries are ignored. */
function externalIds({ context }: Pick<Event, 'context'>, wanted: string): Claim[] {
  const listed = context?.externalIds;
  if (!Array.isArray(listed)) return [];
  return listed.map(fieldsOf).flatMap(({ id, type, collection, encoding }): Claim[] => {
    const complete = typeof type === 'string' && isIdentifierType(type) && collection === wanted && encoding === 'none';
    return complete ? [[type, id]] : [];
  });
}

const customIds = (event: Event, { identifiers }: IdentityRules): Claim[] =>
  identifiers.map(({ type, path }) => [type, valueAt(event, path.split('.'))]);

function normalize(type: string, value: unknown, defaultCountry?: string): Identifier | undefined {
  if (typeof value !== 'string' && !isNumber(value)) return undefined;
  const text = (typeof value === 'string' ? value : numberText(value)).trim();
  const normal = normalText(type, text, defaultCountry);
  return normal === undefined ? undefined : identifier(type, normal);
}

function normalText(type: string, text: string, defaultCountry?: string): string | undefined {
  if (type === 'email') return normalizeEmail(text);
  if (type === 'phone') return normalizePhone(text, defaultCountry);
  return text !== '' && text.length <= limits.identifier ? text : undefined;
}
