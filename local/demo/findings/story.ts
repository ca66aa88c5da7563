import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import type { Call } from '../shop/calls.ts';
import type { Person } from '../shop/people.ts';
import type { Script } from '../shop/script.ts';
import type { Delivered } from './deliveries.ts';

/** Tells what happened to one person, from the first look to the request at the webhook. */
export function storyOf(script: Script, profiles: readonly Profile[], deliveries: readonly Delivered[]): string[] {
  const person = protagonist(script.people);
  const profile = profiles.find(({ identifiers }) => identifiers.has(`user_id:${person.userId}`));
  if (profile === undefined) return [];
  const told = deliveries.filter(({ who }) => who === person.userId);
  return [
    `One of them is ${person.firstName} ${person.lastName} (${person.userId}). What happened:`,
    ...travels(person, script).map((line) => `  - ${line}`),
    `  What the platform made of it: one profile, ${profile.profileId}, of ${profile.eventCount} events:`,
    `    identifiers  ${[...profile.identifiers.keys()].sort().join('\n                 ')}`,
    `    traits       ${[...profile.traits]
      .sort()
      .map(([name, { value }]) => `${name} = ${JSON.stringify(value)}`)
      .join('\n                 ')}`,
    `    segments     ${[...profile.segments.keys()].join(', ')}`,
    `  The webhook was told ${told.map(({ segment, change }) => `${change} ${segment}`).join(', ')}. One of these requests:`,
    ...JSON.stringify(told[0]?.body, null, 2)
      .split('\n')
      .map((line) => `    ${line}`),
  ];
}

/** Whoever has the most to tell. */
function protagonist(people: readonly Person[]): Person {
  const chapters = ({
    orders,
    newsletter,
    unsubscribes,
    browsesFirst,
    secondDevice,
    wishlistDevice,
    phone,
    formerEmail,
  }: Person): number =>
    [
      newsletter && !unsubscribes,
      browsesFirst,
      secondDevice,
      secondDevice,
      wishlistDevice,
      wishlistDevice,
      phone,
      formerEmail,
    ].filter(Boolean).length + (orders.length >= 3 && orders.length <= 6 ? 4 : 0);
  return people.reduce((best, person) => (chapters(person) > chapters(best) ? person : best));
}

function travels(
  { userId, device, browsesFirst, secondDevice, wishlistDevice, laterEmail, formerEmail, orders }: Person,
  { phases }: Script,
): string[] {
  const calls = phases
    .flatMap(({ requests }) => requests.flatMap((request) => request.calls))
    .filter(({ about }) => about === userId);
  const unnamed = (id: string) =>
    calls.filter((call: Call) => call.anonymousId === id && call.userId === undefined).length;
  const looks = (id: string | undefined, what: string) =>
    id === undefined
      ? []
      : [`browsed on ${what} without saying who they are: ${unnamed(id)} events, a profile of their own`];
  return [
    ...looks(browsesFirst ? device : undefined, 'a first device'),
    ...looks(secondDevice, 'a second device'),
    ...(wishlistDevice === undefined
      ? []
      : [`left ${laterEmail?.typed} on a third device, without logging in: again a profile of its own`]),
    `made an account and ordered ${orders.length} times`,
    ...(secondDevice === undefined
      ? []
      : ['logged in on the second device: its profile was merged into the same person']),
    ...(wishlistDevice === undefined
      ? []
      : ['gave the later address in the account: the profile of the third device was merged, too']),
    ...(formerEmail === undefined
      ? []
      : ['a message from months ago arrived at the very end: its old values did not win']),
  ];
}
