const goingOn = new Set(['STARTING', 'RUNNING', 'STOPPING', 'WAITING', 'IN_PROGRESS']);

/**
 * Shows on stderr the state of a long operation and its duration: on a terminal one line that is overwritten and
 * cleared at the end, elsewhere one line for each state.
 */
export function stateLine(
  name: string,
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
): (state: string) => void {
  const started = Date.now();
  let last = '';
  return (state) => {
    const seconds = Math.round((Date.now() - started) / 1000);
    if (stream.isTTY) stream.write(`\r\x1b[K${goingOn.has(state) ? `${name}: ${state} … ${seconds} s` : ''}`);
    else if (state !== last) stream.write(`${name}: ${state} after ${seconds} s\n`);
    last = state;
  };
}
