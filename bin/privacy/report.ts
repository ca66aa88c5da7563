import type { Rectified } from '../../lambdas/core/operations/rectification.ts';
import { type Deadlines, standingOf } from '../../lambdas/core/privacy/deadlines.ts';
import type { OptOut } from '../../lambdas/core/privacy/opt-out.ts';
import { isForReport, isOpen, isSaid, type StoredRequest } from '../../lambdas/core/privacy/request.ts';
import { type EndsBy, waitingStores } from '../../lambdas/core/privacy/waiting-stores.ts';
import { errorMessageOf } from '../../lambdas/core/values/thrown.ts';
import type { Runs } from '../../lambdas/operations/privacy/open-requests.ts';
import type { PreviewedProfile, Subject } from '../../lambdas/operations/privacy/person.ts';
import type { Reapplied } from '../../lambdas/operations/privacy/reapply.ts';
import { textTable } from '../terminal/text-table.ts';

/** What an officer sees of a person before anything is done. */
export function subjectLines({ profiles, unknown, identifiers, optOut, rectified = [] }: Subject): string[] {
  const many =
    profiles.length > 1 ? [`THESE IDENTIFIERS LEAD TO ${profiles.length} PROFILES: are they one person?`] : [];
  const nobody = unknown.length > 0 ? [`nobody has      ${unknown.join(', ')}; they are kept out all the same`] : [];
  return [
    ...many,
    ...profiles.flatMap(profileLines),
    ...nobody,
    `${identifiers.length} identifiers in all`,
    ...(optOut === undefined ? [] : [`refuses         ${refusedIn(optOut)}`]),
    ...rectified.map(rectifiedLine),
  ];
}

function rectifiedLine({ trait, from, to, saidBy, overwrittenBy }: Rectified): string {
  const before = saidBy === undefined ? 'nothing' : `${JSON.stringify(from)}, which ${saidBy} said,`;
  const after = to === null ? 'is removed' : `becomes ${JSON.stringify(to)}`;
  const until = `until ${overwrittenBy?.join(' or ') ?? 'any source'} says another value`;
  return `trait           ${trait}: ${before} ${after}, ${until}`;
}

const refusedIn = ({ categories, refused }: OptOut): string =>
  `the categories ${categories.join(', ')}, which means ${refused.join(', ') || 'NO PURPOSE of cdp.config.ts'}`;

const profileLines = (one: PreviewedProfile): string[] => [
  `${one.profileId}, ${one.eventCount} events from ${one.firstSeen} to ${one.lastSeen}`,
  `  identifiers   ${one.identifiers.join(', ')}`,
  ...one.merged.map(
    ({ profileId, at }) => `  merged        ${profileId} at ${at}: if that was wrong, unmerge it first`,
  ),
  ...one.shared.map((identifier) => `  not theirs    ${identifier}, which somebody else has now and keeps`),
  ...one.apart.map((profileId) => `  parted from   ${profileId}, who is somebody else`),
  ...(one.accounts.length > 0 ? [`  accounts      ${one.accounts.join(', ')}, which others share`] : []),
];

const unsaid = 'until the profile table has it: said again every hour; of a suppressed person, once that is lifted';

/** One request in words; of an erasure with the stores that ended and those that it waits for. */
export const requestLines = (request: StoredRequest, now: string, ends: EndsBy): string =>
  [
    `${request.requestId}: ${request.type}, ${stateOf(request)}`,
    `  asked         ${request.submittedAt}, under ${request.regulation.toUpperCase()}, due ${request.answerBy}`,
    ...(request.source === undefined ? [] : [`  filed by      the source ${request.source}, which deleted a record`]),
    `  about         ${request.keys.length} identifiers, ${request.profileIds.join(', ') || 'of nobody known'}`,
    ...(request.type === 'opt_out' ? [`  refuses       ${request.purposes?.join(', ') ?? 'sale and sharing'}`] : []),
    ...(request.answeredAt === undefined ? [] : [`  answered      ${request.answeredAt}`]),
    ...(request.reportedAt === undefined ? [] : [`  report        written ${request.reportedAt}`]),
    ...(request.state === 'waiting' && isForReport(request) ? [`  waits         ${waitingFor(request)}`] : []),
    ...(request.state === 'waiting' && isSaid(request) ? [`  waits         ${unsaid}`] : []),
    ...callbackLines(request),
    ...Object.entries(request.untold ?? {}).map(
      ([destination, names]) => `  UNTOLD        ${destination} may still have ${names} names: ask the tool by hand`,
    ),
    ...(request.receipts ?? []).map(
      ({ number, store, ended }) => `  ${`receipt ${number}`.padEnd(12)}  ${store}: ${ended}`,
    ),
    ...(request.type === 'erasure' && isOpen(request) ? waitingLines(request, now, ends) : []),
  ].join('\n');

const callbackLines = ({ callbacks = [], reached = [] }: StoredRequest): string[] =>
  callbacks.map(({ url, told, failingSince, reason, gaveUp = [] }) => {
    const until = told === 0 ? 'was told nothing yet' : `needs no status up to ${reached.at(told - 1)} any more`;
    const failing = failingSince === undefined ? '' : `; FAILS since ${failingSince}: ${reason}`;
    const lost = gaveUp.map(({ status, reason: last }) => `; GAVE UP telling it ${status}: ${last}`).join('');
    // The rest of an address may be a secret.
    return `  callback      ${new URL(url).host} ${until}${failing}${lost}`;
  });

const waitingFor = ({ requestId, reportedAt }: StoredRequest): string =>
  reportedAt === undefined
    ? `for its report: npm run privacy -- report ${requestId} --to a folder`
    : `until you gave it to the person: npm run privacy -- answer ${requestId}`;

const waitingLines = (request: StoredRequest, now: string, ends: EndsBy): string[] =>
  waitingStores(request, now, ends).map(({ store, waitsFor }) => `  waits         ${store}: ${waitsFor}`);

function stateOf({ state, completedAt, liftedBy }: StoredRequest): string {
  const lifted = liftedBy === undefined ? '' : `, lifted by ${liftedBy}`;
  return completedAt === undefined ? `${state}${lifted}` : `${state} at ${completedAt}${lifted}`;
}

/** What a run of all requests did, and why some could not go on. */
export const runLines = ({ done, failed, lakeProblem }: Runs, now: string, ends: EndsBy): string =>
  [
    ...done.map((request) => requestLines(request, now, ends)),
    ...failed.map(({ requestId, error }) => `${requestId}: COULD NOT GO ON: ${errorMessageOf(error)}`),
    ...(lakeProblem === undefined ? [] : [`THE LAKE PROVES NOTHING: ${lakeProblem}`]),
  ].join('\n\n') || 'No request can go on now: each waits for its time, or for a store.';

/** One request for programs; of an address to call back its origin alone, because the rest may be a secret. */
export const requestAsJson = (request: StoredRequest): StoredRequest => ({
  ...request,
  ...(request.callbacks !== undefined && {
    callbacks: request.callbacks.map((callback) => ({ ...callback, url: new URL(callback.url).origin })),
  }),
});

/** What a run of all requests did, for programs. */
export const runsAsJson = ({ done, failed, ...lake }: Runs) => ({
  ...lake,
  done: done.map(requestAsJson),
  failed: failed.map(({ requestId, error }) => ({ requestId, problem: errorMessageOf(error) })),
});

/** What stands behind the time by which a request must be answered. */
const marks = { none: '', later: '', soon: ' SOON', late: ' LATE' } as const;

/** Whether somebody who is to be called back is not. */
function untoldMark({ callbacks = [] }: StoredRequest): string {
  if (callbacks.some(({ gaveUp }) => gaveUp !== undefined)) return ', GAVE UP CALLING';
  return callbacks.some(({ failingSince }) => failingSince !== undefined) ? ', CALLS FAIL' : '';
}

/** All requests in a table; those that are late, or soon will be, are marked. */
export function requestTable(requests: readonly StoredRequest[], now: string, deadlines: Deadlines): string {
  if (requests.length === 0) return 'There are no requests.';
  const rows = requests.map((one) => [
    one.requestId,
    one.type,
    one.source ?? 'somebody',
    `${one.liftedBy === undefined ? one.state : 'lifted'}${untoldMark(one)}`,
    one.receivedAt,
    one.answeredAt === undefined ? `${one.answerBy}${marks[standingOf(one, now, deadlines)]}` : 'answered',
  ]);
  return textTable([['request', 'type', 'filed by', 'state', 'received', 'due'], ...rows]).join('\n');
}

/** What applying the list of barriers to a table came to. */
export const reapplied = (table: string, { erased, suppressed, lifted, optedOut, barriers }: Reapplied): string =>
  `${table}: ${erased} people taken out, ${suppressed} suppressed, ${lifted} suppressions lifted, ${optedOut} opted out again, ${barriers} other barriers set. It may go live: npm run restore -- --from ${table}`;
