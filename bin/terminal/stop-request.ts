/** Returns whether the user asked this process to stop; a second request ends it at once. */
export function stopRequest(): () => boolean {
  let stopped = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      stopped = true;
    });
  return () => stopped;
}
