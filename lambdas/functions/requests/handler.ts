import type { TellDue } from '../../adapters/metrics/request-metrics.ts';
import { dueOf } from '../../core/privacy/deadlines.ts';
import { errorNameOf } from '../../core/values/thrown.ts';
import type { PrivacyOfficer } from '../../operations/privacy/officer.ts';

/** Everything that requests works with. */
export interface RequestsDeps {
  readonly officer: Pick<PrivacyOfficer, 'list' | 'runOpen' | 'deadlines'>;
  /** ISO 8601. */
  readonly now: () => string;
  readonly tell: TellDue;
  readonly warn: (message: string, details: Readonly<Record<string, string>>) => void;
}

/** Milliseconds for which it begins with another request. The function has a quarter of an hour. */
const longest = 12 * 60_000;

/** Some requests could not go on, or not as far as they should; the log says which. */
class RequestsFailed extends Error {
  override readonly name = 'RequestsFailed';
}

/**
 * Makes the function that goes on with privacy requests. It first tells how many are due, so that no request that hangs
 * keeps an alarm from ringing, and fails at its end if a request failed, or what the lake's eraser says cannot be read.
 */
export const createHandler =
  ({ officer, now, tell, warn }: RequestsDeps) =>
  async (): Promise<{ done: number }> => {
    const begun = now();
    tell(dueOf(await officer.list(), begun, officer.deadlines).length);
    const until = new Date(Date.parse(begun) + longest).toISOString();
    const { done, failed, lakeProblem } = await officer.runOpen(until);
    for (const { requestId, error } of failed)
      warn('a privacy request could not go on', { requestId, error: errorNameOf(error) });
    if (lakeProblem !== undefined) warn('the proof of the lake’s eraser cannot be read', { problem: lakeProblem });
    if (failed.length > 0) throw new RequestsFailed(`${failed.length} privacy requests could not go on`);
    if (lakeProblem !== undefined) throw new RequestsFailed('no table of the lake can be shown to be empty');
    return { done: done.length };
  };
