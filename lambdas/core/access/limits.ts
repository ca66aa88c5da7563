import type { AccessReport, ReportedEvents } from './report.ts';
import { profilesOf, type WholePerson } from './whole-person.ts';

/** What a report does not have, in sentences that the person can read. */
export function limitsOf(
  people: readonly WholePerson[],
  events: ReportedEvents,
  { purposes }: { readonly purposes: readonly unknown[] },
): AccessReport['limits'] {
  const horizons = people.flatMap(profilesOf).flatMap((profile) => profile.horizons ?? []);
  return [
    ...(purposes.length === 0 ? ['The platform does not know the purposes: whoever runs it must add them here.'] : []),
    ...eventLimits(events),
    ...(horizons.length > 0 ? ['The profile had no room for some old values of traits, accounts or consent.'] : []),
    ...(people.some(({ elsewhere }) => elsewhere.length > 0)
      ? ['Identifiers that somebody else has now are left out, and so is what others did on a shared device.']
      : []),
    'Of accounts that others share, it has only that you belong to them, and what your own calls said.',
    'Calls that were refused as they came in are kept for some days in the quarantine, which was not searched.',
    'Copies of the same data in other stores are not listed again; the table of stores says which there are.',
    'What each recipient stores of you, you can ask there.',
  ];
}

function eventLimits({ problem, knownUntil, isWhole }: ReportedEvents): string[] {
  if (problem !== null) return ['EVENTS ARE MISSING: the lake could not be asked for them.'];
  if (knownUntil === null) return ['Events are missing: the lake’s jobs have never run, so it knows nobody’s events.'];
  return [
    `Events are those that the lake knows: received until ${knownUntil}.`,
    ...(isWhole ? [] : ['There are more events than a report takes: it has the newest of them.']),
  ];
}
