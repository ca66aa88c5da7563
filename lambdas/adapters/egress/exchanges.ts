import { AsyncLocalStorage } from 'node:async_hooks';

/** A request that was sent, and its answer. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly status: number;
  readonly answer: string;
}

const noted = new AsyncLocalStorage<Exchange[]>();
/** Maximum characters of a body that are noted. */
const mostText = 10_000;

/** Runs a trial and returns the requests that it sent, with their answers. */
export async function noting<T>(
  act: () => Promise<T>,
): Promise<{ readonly result: T; readonly exchanges: Exchange[] }> {
  const exchanges: Exchange[] = [];
  const result = await noted.run(exchanges, act);
  return { result, exchanges };
}

/** Notes an exchange during a trial, and does nothing else: deliveries keep nothing of what they send. */
export function note(exchange: () => Exchange): void {
  const exchanges = noted.getStore();
  if (exchanges === undefined) return;
  const { body, answer, ...others } = exchange();
  exchanges.push({ ...others, body: body.slice(0, mostText), answer: answer.slice(0, mostText) });
}
