import type { Event } from '../../lambdas/core/events/event.ts';
import { markOf } from '../../lambdas/core/profile/message-key.ts';
import type { HistoryRequest } from '../../lambdas/operations/histories/request.ts';

/** Two events a line, so that people have several. */
const aLine = 2;

/**
 * What the job writes of what the lake knows: the events that are needed of each of its people and were received before
 * the cut. Devices `a<n>-…` are those of the person `u<n>`, as far as these were logged in on them.
 */
export function historyLines(known: readonly Event[], { needs, cut }: HistoryRequest) {
  const devices = new Set(known.flatMap(({ anonymousId = '', userId }) => (userId ? [anonymousId] : [])));
  const nameOf = ({ anonymousId: device = '' }: Event): string =>
    devices.has(device) ? `user_id:u${device[1]}` : `anonymous_id:${device}`;
  const isNeeded = ({ event }: Event) => needs.users?.events.some(([, name]) => name === event);
  const people = Map.groupBy(known.filter(({ receivedAt }) => receivedAt < cut).filter(isNeeded), nameOf);
  const lines = [...people].flatMap(([name, events]) => {
    const own = [...devices].filter((device) => name === `user_id:u${device[1]}`);
    const identifiers = [name, ...own.map((device) => `anonymous_id:${device}`)];
    return Array.from({ length: Math.ceil(events.length / aLine) }, (_, n) =>
      JSON.stringify({ profileId: name, identifiers, events: events.slice(aLine * n, aLine * (n + 1)).map(told) }),
    );
  });
  return { lines, people: people.size, events: [...people.values()].flat().length };
}

const told = (event: Event) => ({
  ...{ type: event.type, event: event.event, mark: markOf(event) },
  ...{ at: Date.parse(event.timestamp), receivedAt: Date.parse(event.receivedAt) },
});
