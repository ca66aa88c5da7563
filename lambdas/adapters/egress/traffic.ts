import { AsyncLocalStorage } from 'node:async_hooks';

/** Bytes of bodies that went to a tool and came back. Clients that destinations bring themselves are not counted. */
export interface Traffic {
  readonly sent: number;
  readonly answered: number;
}

const counted = new AsyncLocalStorage<{ sent: number; answered: number }>();

/** Runs a function and returns the bytes of its requests and of their answers. */
export async function measuring<T>(act: () => Promise<T>): Promise<{ readonly result: T } & Traffic> {
  const traffic = { sent: 0, answered: 0 };
  const result = await counted.run(traffic, act);
  return { result, ...traffic };
}

/** Counts the bodies of a request and its answer for the attempt that sent it. */
export function countBytes({ sent, answered }: Traffic): void {
  const traffic = counted.getStore();
  if (traffic === undefined) return;
  traffic.sent += sent;
  traffic.answered += answered;
}
