import { untilFound } from '../../../bin/terminal/until-found.ts';

/** Asks again and again until there is an answer. @throws Error naming what did not come in time */
export async function eventually<Result>(
  what: string,
  ask: () => Promise<Result | undefined>,
  limit = 60_000,
): Promise<Result> {
  const answer = await untilFound(ask, { minDelay: 0.05, maxDelay: 0.05, maxWaitTime: limit / 1000 });
  if (answer === undefined) throw new Error(`not within ${limit} ms: ${what}`);
  return answer;
}
