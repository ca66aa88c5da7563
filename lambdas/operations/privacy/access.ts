import type { identityTable } from '../../adapters/dynamodb/identity-table.ts';
import type { RequestItems } from '../../adapters/dynamodb/request-items.ts';
import { accessReport, type ReadPerson } from '../../core/access/make-report.ts';
import { accessPage } from '../../core/access/page.ts';
import { theirsOf, type WholePerson } from '../../core/access/whole-person.ts';
import { type CdpConfigInput, parseConfig } from '../../core/config/config.ts';
import type { Retention } from '../../core/contract/retention.ts';
import { isStillOf } from '../../core/destinations/told-names.ts';
import { OperatorRefused } from '../../core/operations/operator-refused.ts';
import { isForReport, type StoredRequest } from '../../core/privacy/request.ts';
import type { ProfileId } from '../../core/profile/profile.ts';
import { type TellingDeps, tellingsAbout } from '../told.ts';
import { type AskLake, eventsOf } from './access-events.ts';
import { sharedOf } from './person.ts';
import { storedRequests } from './stored-requests.ts';

/** What an access report is read with. */
export interface AccessDeps extends Pick<TellingDeps, 'memoriesOf'> {
  readonly requests: RequestItems;
  readonly people: Pick<ReturnType<typeof identityTable>, 'readMergedPerson' | 'readOwner' | 'readAccounts'>;
  readonly config: CdpConfigInput;
  readonly registry: () => Promise<TellingDeps['registry']>;
  readonly retention: Retention;
  readonly ask: AskLake;
  readonly now: () => string;
}

/** A report as it is given to the person, and what the officer must know of it. */
export interface WrittenReport {
  readonly request: StoredRequest;
  readonly json: string;
  /** Of a request for a page to read. */
  readonly html: string | undefined;
  readonly events: number;
  /** Why events are missing. */
  readonly problem: string | null;
}

/** Makes what reports of everything that is stored about the person of a request. It writes nothing but when. */
export function accessReporter(deps: AccessDeps) {
  const { requests, config: input, registry, retention, ask, now } = deps;
  const { find, put } = storedRequests(requests);
  const config = parseConfig(input);

  async function read(person: WholePerson): Promise<ReadPerson> {
    const { profile } = person.live;
    const known = await registry();
    // What was told of people who were parted from this one is theirs, and so are names that they have now.
    const apart = { ...profile, apart: new Set<ProfileId>() };
    const tellings = { config: input, registry: known, memoriesOf: deps.memoriesOf, now: Date.parse(now()) };
    const { told, consent } = await tellingsAbout(apart, tellings);
    const accountOf = await deps.people.readAccounts([profile], config);
    return {
      person,
      told: told.map((each) => ({ ...each, names: each.names.filter((name) => isStillOf(profile, name)) })),
      consent,
      definitions: { ...config, registry: known, accountOf },
    };
  }

  return {
    /**
     * Reports what is stored about the person of a request. What merged in after it was filed is refused unless it may
     * be in it: nobody verified that it is the same person.
     * @throws OperatorRefused
     */
    async report(requestId: string, mayBeMerged: boolean): Promise<WrittenReport> {
      const { request } = await find(requestId);
      mustBeForReport(request);
      const people = await peopleOf(request, deps.people);
      if (!mayBeMerged) mustBeAsFiled(people, request);
      const ids = people.flatMap(({ live }) => [live.profile.profileId, ...live.profile.merged.keys()]);
      const theirs = people.map(theirsOf);
      const events = await eventsOf(ids, ask, config, (id, at) => theirs.some((isTheirs) => isTheirs(id, at)));
      // Why exactly is for the officer: it may name buckets and roles.
      const told = events.problem === null ? events : { ...events, problem: 'the lake could not be asked' };
      const parts = { request, events: told, retention, rules: config, now: now() };
      const report = accessReport({ ...parts, people: await Promise.all(people.map(read)) });
      return {
        request,
        json: `${JSON.stringify(report, null, 2)}\n`,
        html: request.type === 'access' ? accessPage(report) : undefined,
        events: events.rows.length,
        problem: events.problem,
      };
    },

    /** Notes that the report is written, so that an answer ends the request. @throws OperatorRefused */
    async noteWritten(requestId: string): Promise<void> {
      const found = await find(requestId);
      await put({ ...found, request: { ...found.request, reportedAt: now() } });
    },
  };
}

function mustBeForReport(request: StoredRequest): void {
  const { type, state, profileIds } = request;
  if (!isForReport(request)) throw new OperatorRefused('refused', `the request is for ${type}, which has no report`);
  if (state === 'cancelled') throw new OperatorRefused('refused', 'the request is cancelled');
  if (profileIds.length === 0)
    throw new OperatorRefused(
      'refused',
      'nobody had these identifiers when the request was filed: tell the person that nothing is stored, and answer it',
    );
}

/** The people of a request, by their profiles, so that it is the one who was verified. */
async function peopleOf({ profileIds }: StoredRequest, table: AccessDeps['people']): Promise<WholePerson[]> {
  const found = new Map<ProfileId, WholePerson>();
  for (const profileId of profileIds) {
    const person = await table.readMergedPerson({ profileId });
    if (person === undefined)
      throw new OperatorRefused(
        'refused',
        `the profile ${profileId} is gone: the person was erased after the request was filed. Tell them so, and answer it`,
      );
    found.set(person.live.profile.profileId, { ...person, elsewhere: await sharedOf(person, table) });
  }
  return [...found.values()];
}

function mustBeAsFiled(people: readonly WholePerson[], { profileIds, receivedAt }: StoredRequest): void {
  const since = people.flatMap(({ live: { profile } }) => [
    ...(profileIds.includes(profile.profileId) ? [] : [profile.profileId]),
    ...[...profile.merged].flatMap(([id, at]) => (at > receivedAt && !profileIds.includes(id) ? [id] : [])),
  ]);
  if (since.length === 0) return;
  throw new OperatorRefused(
    'refused',
    `merged with this person after the request was filed: ${since.join(', ')}. Look whether that is the same person; if so, add --yes`,
  );
}
