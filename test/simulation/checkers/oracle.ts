import type { Truth } from '../people/message.ts';
import { keptValues } from './kept-traits.ts';

/** One profile, as messages make it: in no way that depends on their order. */
export interface Expected {
  readonly identifiers: readonly (readonly [identifier: string, first: string, last: string])[];
  readonly traits: readonly (readonly [name: string, value: unknown])[];
  readonly messages: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly recent: readonly string[];
  /** Message ids of the first and last event that said a campaign. */
  readonly campaigns: readonly string[];
  readonly segments: readonly string[];
  /** Accounts the person was seen with. */
  readonly accounts: readonly string[];
  /** Whether data may be used for ads; undefined when nobody said. */
  readonly consent: boolean | undefined;
}

/** What one message says about one profile. */
interface Statement {
  readonly messageId: string;
  readonly claims?: string;
  readonly timestamp: string;
  readonly identifiers: readonly string[];
  readonly traits: Readonly<Record<string, unknown>>;
  readonly campaign: boolean;
  readonly consent?: boolean;
  readonly account?: Truth['account'];
}

/**
 * The profiles that messages make when no limit binds: who is connected is one. Shares no code with the platform. A
 * message that is set aside is in no person's profile; if it names somebody, the account that it is about knows of it.
 */
export function expectedProfiles(
  truths: Iterable<Truth>,
  isSetAside: (truth: Truth) => boolean = () => false,
): Expected[] {
  const messages = [...new Map([...truths].map((truth) => [truth.messageId, truth])).values()];
  const accounts = messages.flatMap(({ account, messageId, claims = messageId, timestamp, identifiers }) =>
    account && identifiers.length > 0
      ? [{ messageId, claims, timestamp, identifiers: [account.identifier], traits: account.traits, campaign: false }]
      : [],
  );
  const people = messages.filter((message) => !isSetAside(message));
  return [
    ...components(people).map((group) => foldProfile(group, true)),
    ...components(accounts).map((group) => foldProfile(group, false)),
  ];
}

/** The person whom messages make that were said to one profile, whoever they name. */
export const toldTo = (truths: readonly Truth[]): Expected => foldProfile(truths, true);

/** Union-find over identifiers, with path halving. */
function components(statements: readonly Statement[]): Statement[][] {
  const parent = new Map<string, string>();
  const find = (id: string): string => {
    let at = id;
    for (let up = parent.get(at) ?? at; up !== at; up = parent.get(at) ?? at) {
      parent.set(at, parent.get(up) ?? up);
      at = up;
    }
    return at;
  };
  for (const { identifiers } of statements)
    for (const id of identifiers) parent.set(find(id), find(identifiers[0] ?? id));
  return [...Map.groupBy(statements, ({ identifiers }) => find(identifiers[0] ?? '')).values()];
}

function foldProfile(statements: readonly Statement[], person: boolean): Expected {
  const inTime = [...statements].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const times = inTime.map(({ timestamp }) => timestamp);
  const traits = lastTraits(inTime);
  const campaigns = inTime.filter(({ campaign }) => campaign).map(sentAs);
  return {
    identifiers: [...new Set(inTime.flatMap(({ identifiers }) => identifiers))].sort().map((id) => {
      const seen = inTime.filter(({ identifiers }) => identifiers.includes(id)).map(({ timestamp }) => timestamp);
      return [id, seen[0] ?? '', seen.at(-1) ?? ''] as const;
    }),
    traits: [...traits].sort(([a], [b]) => (a < b ? -1 : 1)),
    messages: statements.length,
    firstSeen: times[0] ?? '',
    lastSeen: times.at(-1) ?? '',
    recent: inTime.map(sentAs).reverse().slice(0, 10),
    campaigns: campaigns.length > 0 ? [campaigns[0] ?? '', campaigns.at(-1) ?? ''] : [],
    segments: person ? segmentsOf(traits) : [],
    accounts: [...new Set(inTime.flatMap(({ account }) => account?.identifier ?? []))].sort(),
    consent: consentOf(statements),
  };
}

/**
 * Everybody who ever spoke, the device a message came from, must have granted it last; of two words at one instant the
 * stricter counts.
 */
function consentOf(statements: readonly Statement[]): boolean | undefined {
  const stated = statements.filter(({ consent }) => consent !== undefined);
  const bySpeaker = Map.groupBy(stated, ({ identifiers }) =>
    [...identifiers].sort((a, b) => (trustOf(a) < trustOf(b) ? -1 : 1)).at(-1),
  );
  const lastWords = [...bySpeaker.values()].map((words) => {
    const latest = words
      .map(({ timestamp }) => timestamp)
      .sort()
      .at(-1);
    return words.every(({ timestamp, consent }) => timestamp !== latest || consent === true);
  });
  return stated.length > 0 ? lastWords.every((granted) => granted) : undefined;
}

/** Sorts the most trusted kind of identifier first. */
const trustOf = (id: string): string => {
  const kind = id.slice(0, id.indexOf(':'));
  const place = ['user_id', 'email', 'phone', '', 'anonymous_id'].indexOf(kind);
  return `${place === -1 ? 3 : place} ${id}`;
};

const sentAs = ({ messageId, claims = messageId }: Pick<Statement, 'messageId' | 'claims'>): string => claims;
/** Of messages of one time the greater id is the later. */
const keyOf = (message: Pick<Statement, 'messageId' | 'claims' | 'timestamp'>): string =>
  `${message.timestamp} ${sentAs(message)}`;

/** Said in time's order, the last word stands; a removed trait is none. */
function lastTraits(inTime: readonly Statement[]): Map<string, unknown> {
  const stated = inTime.flatMap(({ timestamp, messageId, traits }) =>
    Object.keys(traits)
      .sort()
      .map((name) => ({ name, value: traits[name], timestamp, messageId })),
  );
  return keptValues(stated);
}

/** The segments of `settings.ts`, said once more in other words. */
function segmentsOf(traits: ReadonlyMap<string, unknown>): string[] {
  const spent = traits.get('spent');
  return [
    ...(typeof spent === 'number' && spent >= 100 ? ['big_spenders'] : []),
    ...(traits.has('email') && traits.get('plan') !== 'pro' ? ['prospects'] : []),
    ...(traits.get('plan') === 'pro' ? ['pro'] : []),
  ];
}
