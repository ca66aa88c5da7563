/** Says on stderr, where a person looks at it, in what state something is that takes a while, and how long it has been; an ended one clears the line. */
export function stateLine(name: string): (state: string) => void {
  const started = Date.now();
  return (state) => {
    if (!process.stderr.isTTY) return;
    const line = ['STARTING', 'RUNNING', 'STOPPING', 'WAITING', 'IN_PROGRESS'].includes(state)
      ? `${name}: ${state} … ${Math.round((Date.now() - started) / 1000)} s`
      : '';
    process.stderr.write(`\r\x1b[K${line}`);
  };
}
