import type { Callback, Status } from './callback.ts';
import { isOpen, type StoredRequest } from './request.ts';

/** The one controller of a deployment: whoever runs it. */
export const controllerId = 'self';

/** Days for which a status is tried to be told. */
export const daysOfTries = 3;

const day = 86_400_000;

/** The status of OpenDSR that a request has. */
export function statusOf({ state }: Pick<StoredRequest, 'state'>): Status {
  if (state === 'received') return 'pending';
  return state === 'running' || state === 'waiting' ? 'in_progress' : state;
}

/** When a request that has a status is done, or is to be answered. */
export const expectedAt = ({ answerBy, completedAt, receivedAt }: StoredRequest, status: Status): string =>
  status === 'pending' || status === 'in_progress' ? answerBy : (completedAt ?? receivedAt);

/** The request with its status noted as reached, if anybody is to be told. */
export function withReached(request: StoredRequest): StoredRequest {
  const { callbacks = [], reached = [] } = request;
  const status = statusOf(request);
  return callbacks.length === 0 || reached.at(-1) === status ? request : { ...request, reached: [...reached, status] };
}

/** A call that is to be made: one status to one address. */
export interface Call {
  readonly url: string;
  readonly status: Status;
  /** Since when it fails. */
  readonly failingSince?: string | undefined;
}

/** The next status of each address that was not told all. One after the other, an address is told them in order. */
export const openCalls = ({ callbacks = [], reached = [] }: StoredRequest): Call[] =>
  callbacks.flatMap(({ url, told, failingSince }) => {
    const status = reached.at(told);
    return status === undefined ? [] : [{ url, status, failingSince }];
  });

/** Whether a call that fails now was tried for long enough. */
const isLastTry = ({ failingSince }: Pick<Call, 'failingSince'>, now: string): boolean =>
  failingSince !== undefined && Date.parse(now) - Date.parse(failingSince) >= daysOfTries * day;

/**
 * When a call is made among those to one receiver, as a text that sorts: those whose last try it is, so that none waits
 * for ever behind newer ones; then those that do not fail, before a bad address can use up the receiver's patience.
 */
export function turnOf(call: Call, now: string): string {
  if (isLastTry(call, now)) return `0 ${call.failingSince}`;
  return call.failingSince === undefined ? '1' : `2 ${call.failingSince}`;
}

/** What an address is told, as OpenDSR has it: nothing of the person but the id of the request. */
export const callBody = (request: StoredRequest, { url, status }: Call): string =>
  JSON.stringify({
    controller_id: controllerId,
    expected_completion_time: expectedAt(request, status),
    status_callback_url: url,
    subject_request_id: request.requestId,
    request_status: status,
  });

/** The request once an address was told a status. */
export const afterTold = (request: StoredRequest, call: Call): StoredRequest =>
  withCallback(request, call, ({ failingSince: _, reason: __, ...callback }, next) => ({ ...callback, told: next }));

/** The request once an address could not be told a status: after some days it never will be, and the next one is. */
export const afterFailed = (request: StoredRequest, call: Call, { reason, now }: FailedCall): StoredRequest =>
  withCallback(request, call, (callback, next) => {
    const { failingSince = now, gaveUp = [] } = callback;
    if (!isLastTry(callback, now)) return { ...callback, failingSince, reason };
    return { url: callback.url, told: next, gaveUp: [...gaveUp, { status: call.status, reason }] };
  });

/** Why a call failed, as a short code, and when. */
interface FailedCall {
  readonly reason: string;
  readonly now: string;
}

/** How many statuses of a request addresses will not be told any more. */
export const lostCalls = ({ callbacks = [] }: StoredRequest): number =>
  callbacks.reduce((lost, { gaveUp = [] }) => lost + gaveUp.length, 0);

/** Changes an address, if the call is still its next one: another run may have made it meanwhile. */
function withCallback(
  request: StoredRequest,
  { url, status }: Call,
  change: (callback: Callback, next: number) => Callback,
): StoredRequest {
  const { callbacks = [], reached = [] } = request;
  const changed = callbacks.map((one) =>
    one.url === url && reached.at(one.told) === status ? change(one, one.told + 1) : one,
  );
  return { ...request, callbacks: isOpen(request) ? changed : changed.map((one) => forgotten(one, reached.length)) };
}

/** What is kept of an address that nothing is left to be told. */
const forgotten = (callback: Callback, all: number): Callback =>
  callback.told < all ? callback : { ...callback, url: new URL(callback.url).origin };
