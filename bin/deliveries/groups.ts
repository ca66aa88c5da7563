import { type Attempt, type AttemptEnd, attemptEnds } from '../../lambdas/core/attempts/attempt.ts';

/** Attempts that are alike, and how many things they told. */
export interface Group {
  readonly destination: string;
  readonly outcome: AttemptEnd;
  readonly reason: string;
  /** Class of the latency; undefined where there was no call. */
  readonly latency: number | undefined;
  readonly items: number;
}

/** Which attempts are asked for. */
export interface Wanted {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly destination?: string | undefined;
  readonly outcome?: string | undefined;
  /** Key of a segment or computed trait, or name of an event. */
  readonly about?: string | undefined;
}

/** Classes of latency for each factor of e: a class is 13 percent wide. SQL of the table computes the same. */
export const classesPerFactor = 8;

/** The class of a latency. */
export const latencyClass = (milliseconds: number): number => Math.round(Math.log(milliseconds + 1) * classesPerFactor);

/** The latency in the middle of a class. */
export const millisecondsOf = (latency: number): number => Math.round(Math.exp(latency / classesPerFactor) - 1);

/** Lines of the log as groups: those that are wanted, and came after a time. Other lines are left out. */
export function groupsOf(lines: readonly string[], wanted: Wanted, after: number): Group[] {
  return lines.flatMap((line) => {
    const attempt = attemptIn(line);
    if (attempt === undefined || Date.parse(attempt.at) <= after || !isWanted(attempt, wanted)) return [];
    const { destination, outcome, reason = '', items = 1, requests = 0, milliseconds = 0 } = attempt;
    return [{ destination, outcome, reason, items, latency: requests > 0 ? latencyClass(milliseconds) : undefined }];
  });
}

/** Whether an outcome is one of the known. */
export const isEnd = (outcome: unknown): outcome is AttemptEnd => (attemptEnds as readonly unknown[]).includes(outcome);

const isWanted = (attempt: Attempt, { since, destination, outcome, about }: Wanted): boolean =>
  Date.parse(attempt.at) > since &&
  [
    [destination, attempt.destination],
    [outcome, attempt.outcome],
    [about, attempt.about],
  ].every(([asked, found]) => asked === undefined || asked === found);

function attemptIn(line: string): Attempt | undefined {
  try {
    const attempt = JSON.parse(line) as Attempt;
    return isEnd(attempt.outcome) && !Number.isNaN(Date.parse(attempt.at)) ? attempt : undefined;
  } catch {
    return undefined;
  }
}
