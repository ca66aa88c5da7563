import type { Chance } from '../running/chance.ts';
import { junk, type Person, spellEmail, spellPhone } from './people.ts';

/** What a message is known to mean by who made it: no code reads it off. */
export interface Truth {
  readonly messageId: string;
  /** The id that it is sent under, where that is another message's. */
  readonly claims?: string;
  readonly timestamp: string;
  /** `type:value` of whom it names, junk left out; empty when it names nobody. */
  readonly identifiers: readonly string[];
  readonly traits: Readonly<Record<string, unknown>>;
  readonly account?: { readonly identifier: string; readonly traits: Readonly<Record<string, unknown>> };
  readonly campaign: boolean;
  /** What it says about the use of data for ads; undefined when it says nothing. */
  readonly consent?: boolean;
}

/** The source of a message: one of three, by its number. */
export const sourceOf = (messageId: string): string =>
  (['shop', 'app', 'crm'] as const)[Number(messageId.slice(1)) % 3] ?? 'shop';

/** A call as a client sends it, and the truth about it. */
export interface Message {
  readonly call: Readonly<Record<string, unknown>>;
  readonly truth: Truth;
}

/** A call in the making. */
interface Draft {
  readonly call: Record<string, unknown>;
  readonly context: Record<string, unknown>;
  readonly contextTraits: Record<string, unknown>;
  readonly traits: Record<string, unknown>;
  readonly identifiers: Set<string>;
}

const types = [
  'identify',
  'identify',
  'identify',
  'track',
  'track',
  'page',
  'screen',
  'group',
  'alias',
  'alias',
] as const;

/**
 * One call by, or about, one of the people. Its time is one of few, so that ties happen. `large`: it says more than
 * profiles have room for.
 */
export function someMessage(messageId: string, people: readonly Person[], chance: Chance, large = false): Message {
  const person = chance.pick(people);
  const type = chance.pick(types);
  const timestamp = new Date(Date.UTC(2026, 4, 1, 10, chance.below(20))).toISOString();
  const draft: Draft = {
    call: { type, messageId, timestamp },
    context: {},
    contextTraits: {},
    traits: {},
    identifiers: new Set(),
  };
  if (type !== 'alias' && chance.happens(0.12)) nameAsRow(draft, person, chance);
  else nameWho(draft, person, chance, type === 'alias');
  nameDevices(draft, person, chance);
  if (type === 'identify') sayTraits(draft, person, messageId, chance);
  else if (chance.happens(0.1)) sayContact(draft, draft.contextTraits, person, chance);
  if (type === 'identify' && large) sayMuch(draft, chance);
  if (chance.happens(0.003)) nameCrowd(draft, messageId);
  if (chance.happens(0.2)) draft.context.consent = { categoryPreferences: { ads: chance.happens(0.6) } };
  if (chance.happens(0.15)) draft.context.campaign = { source: chance.pick(['mail', 'search']) };
  return { call: assemble(draft, type, chance), truth: truthOf(draft, messageId, timestamp, type) };
}

/**
 * Few messages, each sent under the id of another one of other people and of another time. Then `nth` tells which it
 * is.
 */
export function withSharedIds<Item extends Message | string>(
  requests: readonly (readonly Item[])[],
  chance: Chance,
): (Message | Item)[][] {
  const whose = ({ identifiers }: Truth): string => [...identifiers].sort().join(' ');
  const sent = requests.flat().filter((item): item is Item & Message => typeof item !== 'string');
  const taken = new Set<string>();
  return requests.map((request) =>
    request.map((item) => {
      if (typeof item === 'string' || taken.has(item.truth.messageId) || !chance.happens(0.06)) return item;
      const { call, truth } = item as Message;
      const other = chance.pick(sent).truth;
      if (taken.has(other.messageId) || whose(other) === whose(truth) || other.timestamp === truth.timestamp)
        return item;
      taken.add(truth.messageId).add(other.messageId);
      return {
        call: { ...call, messageId: other.messageId, nth: truth.messageId },
        truth: { ...truth, claims: other.messageId },
      };
    }),
  );
}

/** Some who say an account are known under the same identifier themselves, which is theirs and not the account's. */
export function withNamesOfAccounts<Item extends Message | string>(
  requests: readonly (readonly Item[])[],
  chance: Chance,
): (Message | Item)[][] {
  return requests.map((request) =>
    request.map((item) =>
      typeof item === 'string' || !chance.happens(0.3)
        ? item
        : named(item as Message, chance.happens(0.5) ? 'acme' : 'own'),
    ),
  );
}

function named({ call, truth }: Message, kind: 'acme' | 'own'): Message {
  const context = call.context as Record<string, unknown> | undefined;
  const { account, identifiers } = truth;
  if (account === undefined || identifiers.length === 0 || context?.externalIds !== undefined) return { call, truth };
  const id = kind === 'acme' ? 'acme' : `of-${/\d/.exec(identifiers[0] ?? '')?.[0] ?? 'all'}`;
  const externalIds = [{ id, type: 'group_id', collection: 'users', encoding: 'none' }];
  const name = `group_id:${id}`;
  return {
    call: { ...call, groupId: id, context: { ...context, externalIds } },
    truth: { ...truth, identifiers: [...identifiers, name], account: { ...account, identifier: name } },
  };
}

/** Which message a line is, also where it claims the id of another. */
export const messageIdIn = (line: string): string | undefined =>
  (/"nth":"(m\d+)"/.exec(line) ?? /"messageId":"(m\d+)"/.exec(line))?.[1];

function nameWho({ call, identifiers }: Draft, person: Person, chance: Chance, alias: boolean): void {
  const who = chance.pick(['user', 'anonymous', 'both', 'both'] as const);
  const say = (field: string, type: string, values: readonly string[]) => {
    const value = chance.happens(0.06) ? chance.pick(junk) : chance.pick(values);
    call[field] = /^\d+$/.test(value) && chance.happens(0.5) ? Number(value) : value;
    if (!(junk as readonly string[]).includes(value)) identifiers.add(`${type}:${value}`);
  };
  if (who !== 'anonymous' || alias) say('userId', 'user_id', person.userIds);
  if (who !== 'user') say('anonymousId', 'anonymous_id', person.anonymousIds);
  if (alias) say('previousId', 'anonymous_id', person.anonymousIds);
}

/** As a CRM or a payment provider names people: an address, and its own id where it has one, but no id of an SDK. */
function nameAsRow({ context, contextTraits, identifiers }: Draft, person: Person, chance: Chance): void {
  const [email, customer] = [chance.pick(person.emails), person.customerNumbers[0]];
  contextTraits.email = spellEmail(email, chance);
  identifiers.add(`email:${email}`);
  if (customer === undefined) return;
  context.externalIds = [{ id: customer, type: 'customer_number', collection: 'users', encoding: 'none' }];
  identifiers.add(`customer_number:${customer}`);
}

function nameDevices({ context, identifiers }: Draft, { deviceIds, customerNumbers }: Person, chance: Chance): void {
  const [device, customer] = [deviceIds[0], customerNumbers[0]];
  if (device !== undefined && chance.happens(0.1)) {
    context.device = { id: device, type: 'ios' };
    identifiers.add(`ios.id:${device}`);
  }
  if (customer !== undefined && chance.happens(0.1)) {
    context.externalIds = [{ id: customer, type: 'customer_number', collection: 'users', encoding: 'none' }];
    identifiers.add(`customer_number:${customer}`);
  }
}

/** More identifiers than one write can claim, each of a type of its own, so that no limit drops any. */
function nameCrowd({ context, identifiers }: Draft, messageId: string): void {
  const crowd = Array.from({ length: 120 }, (_, n) => ({
    id: messageId,
    type: `crowd_${n}`,
    collection: 'users',
    encoding: 'none',
  }));
  const named = (context.externalIds ?? []) as readonly object[];
  context.externalIds = [...named, ...crowd];
  for (const { id, type } of crowd) identifiers.add(`${type}:${id}`);
}

/** Each identify says a trait that no other message says, so that it shows in which profile it ended. */
function sayTraits(draft: Draft, person: Person, messageId: string, chance: Chance): void {
  draft.traits[`said-${messageId}`] = true;
  const traits = chance.happens(0.2) ? draft.contextTraits : draft.traits;
  if (chance.happens(0.7)) traits.plan = chance.pick(['free', 'pro', null]);
  if (chance.happens(0.3)) traits.spent = chance.below(200);
  sayContact(draft, traits, person, chance);
}

/** Values that fill a profile's room within a few messages, some of them too long for any. */
function sayMuch({ traits }: Draft, chance: Chance): void {
  for (const name of ['cart', 'history', 'wishes', 'notes', 'map'])
    if (chance.happens(0.5))
      traits[`${name}-${chance.below(3)}`] = 'x'.repeat(chance.pick([20, 3_000, 5_000, 8_190, 8_191, 12_000]));
}

function sayContact(
  { identifiers }: Draft,
  traits: Record<string, unknown>,
  { emails, phones }: Person,
  chance: Chance,
): void {
  const [email, phone] = [chance.pick(emails), phones[0]];
  if (traits.email !== undefined) return;
  if (chance.happens(0.5)) {
    traits.email = spellEmail(email, chance);
    identifiers.add(`email:${email}`);
  } else if (chance.happens(0.1)) traits.email = 'no address';
  if (phone !== undefined && chance.happens(0.3)) {
    traits.phone = spellPhone(phone, chance);
    identifiers.add(`phone:${phone}`);
  }
}

function assemble(
  { call, context, contextTraits, traits }: Draft,
  type: (typeof types)[number],
  chance: Chance,
): Record<string, unknown> {
  const stated = Object.keys(contextTraits).length > 0 ? { ...context, traits: contextTraits } : context;
  return {
    ...call,
    ...(Object.keys(stated).length > 0 && { context: stated }),
    ...(type === 'identify' && { traits }),
    ...(type === 'track' && {
      event: chance.pick(['Order Completed', 'Product Viewed']),
      properties: { email: 'nobody@example.org' },
    }),
    ...(type === 'group' && { groupId: 'acme', traits: { seats: Number(call.messageId?.toString().slice(1)) } }),
  };
}

function truthOf(draft: Draft, messageId: string, timestamp: string, type: string): Truth {
  const { identifiers, contextTraits, traits, context, call } = draft;
  const account = { identifier: 'group_id:acme', traits: { seats: Number(String(call.messageId).slice(1)) } };
  return {
    messageId,
    timestamp,
    identifiers: [...identifiers],
    traits: type === 'identify' ? { ...contextTraits, ...traits } : {},
    ...(type === 'group' && { account }),
    campaign: context.campaign !== undefined,
    ...(context.consent !== undefined && {
      consent: (context.consent as { categoryPreferences: { ads: boolean } }).categoryPreferences.ads,
    }),
  };
}
