/**
 * Aborts at the first request to end this process; later ones are left unheard, so that what runs can be stopped in
 * order.
 */
export function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => controller.abort(new Interrupted(signal)));
  return controller.signal;
}

/** Somebody asked this process to end. */
class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
