import type { Profile } from '../../../lambdas/core/profile/profile.ts';
import type { Call } from '../shop/calls.ts';
import type { Person } from '../shop/people.ts';
import type { Script } from '../shop/script.ts';
import type { Delivered } from './deliveries.ts';

/** Tells the story of one person, from the first visit to the request at the webhook. */
export function storyOf(script: Script, profiles: readonly Profile[], deliveries: readonly Delivered[]): string[] {
  const person = protagonist(script.people);
  const profile = profiles.find(({ identifiers }) => identifiers.has(`user_id:${person.userId}`));
  if (profile === undefined) return [];
  const told = deliveries.filter(({ who }) => who === person.userId);
  return [
    `One of them is ${person.firstName} ${person.lastName} (${person.userId}). What happened:`,
    ...travels(person, script).map((line) => `  - ${line}`),
    `  The platform made one profile from ${profile.eventCount} events, ${profile.profileId}:`,
    `    identifiers  ${[...profile.identifiers.keys()].sort().join('\n                 ')}`,
    `    traits       ${[...profile.traits]
      .sort()
      .map(([name, { value }]) => `${name} = ${JSON.stringify(value)}`)
      .join('\n                 ')}`,
    `    segments     ${[...profile.segments.keys()].join(', ')}`,
    `  The webhook received: ${told.map(({ segment, change }) => `${change} ${segment}`).join(', ')}. One of these requests:`,
    ...JSON.stringify(told[0]?.body, null, 2)
      .split('\n')
      .map((line) => `    ${line}`),
  ];
}

/** The person with the most varied story. */
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
    id === undefined ? [] : [`browsed anonymously on ${what}: ${unnamed(id)} events, which became a separate profile`];
  return [
    ...looks(browsesFirst ? device : undefined, 'a first device'),
    ...looks(secondDevice, 'a second device'),
    ...(wishlistDevice === undefined
      ? []
      : [`left ${laterEmail?.typed} on a third device without a login: a separate profile again`]),
    `made an account and ordered ${orders.length} times`,
    ...(secondDevice === undefined ? [] : ['logged in on the second device: the platform merged its profile']),
    ...(wishlistDevice === undefined
      ? []
      : ['gave the later address in the account: the platform merged the profile of the third device, too']),
    ...(formerEmail === undefined
      ? []
      : ['a message from months ago arrived last: its old values did not replace newer ones']),
  ];
}
