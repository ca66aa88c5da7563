import type { TellDue } from '../../adapters/metrics/request-metrics.ts';
import { dueOf } from '../../core/privacy/deadlines.ts';
import { errorNameOf } from '../../core/values/thrown.ts';
import type { CalledBack } from '../../operations/privacy/call-back.ts';
import type { PrivacyOfficer } from '../../operations/privacy/officer.ts';

/** Everything that requests works with. */
export interface RequestsDeps {
  readonly officer: Pick<PrivacyOfficer, 'list' | 'runOpen' | 'deadlines'>;
  /** Calls whoever is to be told of a status, and begins with nobody after a time. */
  readonly callBack: (until: string) => Promise<CalledBack>;
  /** ISO 8601. */
  readonly now: () => string;
  readonly tell: TellDue;
  readonly warn: (message: string, details: Readonly<Record<string, string>>) => void;
}

/** Milliseconds for which it begins with another request. The function has a quarter of an hour. */
const longest = 12 * 60_000;
/** Milliseconds for which it begins with another call; a call takes ten seconds at most. */
const longestCalls = 14 * 60_000;

/** Some requests could not go on, or not as far as they should; the log says which. */
class RequestsFailed extends Error {
  override readonly name = 'RequestsFailed';
}

/**
 * Makes the function that goes on with privacy requests, and calls back whoever wants to know. It first tells how many
 * are due, so that no request that hangs keeps an alarm from ringing, and says what failed before it calls anybody, so
 * that no receiver that hangs hides it. It fails at its end if a request failed, if a call could not be made or noted,
 * if somebody will never be told a status, or if what the lake's eraser says cannot be read.
 */
export const createHandler =
  ({ officer, callBack, now, tell, warn }: RequestsDeps) =>
  async (): Promise<{ done: number }> => {
    const begun = now();
    tell(dueOf(await officer.list(), begun, officer.deadlines).length);
    const after = (milliseconds: number) => new Date(Date.parse(begun) + milliseconds).toISOString();
    const { done, failed: unrun, lakeProblem } = await officer.runOpen(after(longest));
    for (const { requestId, error } of unrun)
      warn('a privacy request could not go on', { requestId, error: errorNameOf(error) });
    if (lakeProblem !== undefined) warn('the proof of the lake’s eraser cannot be read', { problem: lakeProblem });
    const { failing, gaveUp, failed: unnoted } = await callBack(after(longestCalls));
    if (failing.length > 0) warn('callbacks failed, and are tried again', countOf(failing));
    for (const gone of gaveUp) warn('a callback failed too long, and is not tried again', gone);
    for (const { requestId, error } of unnoted)
      warn('a callback could not be made or noted', { requestId, error: errorNameOf(error) });
    if (unrun.length > 0) throw new RequestsFailed(`${unrun.length} privacy requests could not go on`);
    if (lakeProblem !== undefined) throw new RequestsFailed('no table of the lake can be shown to be empty');
    if (unnoted.length > 0) throw new RequestsFailed(`${unnoted.length} callbacks could not be made or noted`);
    if (gaveUp.length > 0) throw new RequestsFailed(`${gaveUp.length} callbacks were given up`);
    return { done: done.length };
  };

/** How often each reason came. */
const countOf = (reasons: readonly string[]): Record<string, string> =>
  Object.fromEntries([...Map.groupBy(reasons, (reason) => reason)].map(([reason, all]) => [reason, `${all.length}`]));
