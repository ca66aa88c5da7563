/**
 * Aborts at the first request to end this process. It ignores later requests, so that the platform can stop in order.
 */
export function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => controller.abort(new Interrupted(signal)));
  return controller.signal;
}

/** A signal asked this process to end. */
class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
