import type { CdpConfig } from '../../../../lambdas/core/config/config.ts';
import type { Event } from '../../../../lambdas/core/events/event.ts';
import { markOf } from '../../../../lambdas/core/profile/message-key.ts';
import type { Profile } from '../../../../lambdas/core/profile/profile.ts';
import { type Happened, isTrueOf, type Person } from '../../../core/segments/evaluation/oracle.ts';

type Fields = Record<string, unknown>;

/** All that happened. */
export interface World {
  readonly config: CdpConfig;
  /** What each profile itself was told, by its id. */
  readonly toldTo: ReadonlyMap<string, readonly Event[]>;
  readonly now: number;
}

const once = (events: readonly Event[]): Event[] => [
  ...new Map(events.map((event) => [event.messageId, event])).values(),
];

const groupOf = (event: Event): unknown => (event.type === 'group' ? event.groupId : event.context?.groupId);

/** Names of events in the definitions of accounts: such calls count for the account that they name. */
const isRead = ({ segments }: CdpConfig, event: Event): boolean =>
  event.type === 'group' ||
  segments.some(
    (segment) =>
      segment.of === 'accounts' && JSON.stringify(segment).includes(`"event":${JSON.stringify(event.event)}`),
  );

/** Segments of somebody whose events are these, who has these accounts. */
export function segmentsOf(events: readonly Event[], of: 'people' | 'accounts', world: World): string[] {
  const { config, now } = world;
  const mine = config.segments.filter((segment) => (segment.of ?? 'people') === of);
  const segments = Object.fromEntries(mine.map(({ key, where, zone }) => [key, { where, zone: String(zone) }]));
  const person = personOf(once(events), of, world);
  return mine
    .filter(({ where, zone }) => isTrueOf(where, { person, now, zone: String(zone), segments }))
    .map(({ key }) => key)
    .sort();
}

/** What a person and those who merged into it were told. */
export const eventsOf = ({ profileId, merged }: Profile, { toldTo }: Pick<World, 'toldTo'>): Event[] =>
  [profileId, ...merged.keys()].flatMap((id) => toldTo.get(id) ?? []);

/** The events of an account: those that name it, whoever sent them. */
export const eventsOfAccount = (groupId: string, { config, toldTo }: World): Event[] =>
  once([...toldTo.values()].flat()).filter((event) => groupOf(event) === groupId && isRead(config, event));

function personOf(events: readonly Event[], of: 'people' | 'accounts', world: World): Person {
  const theirs = of === 'people' ? events.filter(({ type }) => type === 'group').map(groupOf) : [];
  const accounts = [...new Set(theirs)].map((id) => eventsOfAccount(String(id), world));
  return {
    events: events.map(happened),
    traits: of === 'accounts' ? traitsOf(events) : {},
    since: Math.min(...events.map(({ timestamp }) => Date.parse(timestamp))),
    granted: {},
    identifiers: of === 'accounts' ? ['group_id'] : ['anonymous_id'],
    accounts: accounts.map(traitsOf),
    accountsIn: accounts.map((each) => segmentsOf(each, 'accounts', world)),
  };
}

/** The last statement of each trait, by time and then by message. */
function traitsOf(events: readonly Event[]): Fields {
  const placeOf = ({ timestamp, messageId }: Event): string => `${timestamp} ${messageId}`;
  const said = events
    .filter(({ type }) => type === 'group')
    .toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
    .map(({ traits }) => traits as Fields);
  return Object.assign({}, ...said) as Fields;
}

const happened = (event: Event): Happened => ({
  at: Date.parse(event.timestamp),
  mark: markOf(event),
  name: event.type === 'track' ? event.event : event.type,
  properties: event.type === 'track' ? ((event.properties ?? {}) as Fields) : {},
});
