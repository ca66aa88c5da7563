import { setTimeout as wait } from 'node:timers/promises';

/** Asks again and again until there is an answer. @throws Error naming what did not come in time */
export async function eventually<Result>(
  what: string,
  ask: () => Promise<Result | undefined>,
  limit = 60_000,
): Promise<Result> {
  const deadline = Date.now() + limit;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await wait(50);
  }
  throw new Error(`not within ${limit} ms: ${what}`);
}
