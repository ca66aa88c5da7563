/** Says whether somebody asked this process to end; who asks a second time ends it at once. */
export function stopRequest(): () => boolean {
  let stopped = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      stopped = true;
    });
  return () => stopped;
}
