import type { Progress } from './run-query.ts';

/** What is told of a query that runs: on a terminal one line that is written over, elsewhere a line for each state. */
export function queryProgress(stream: NodeJS.WriteStream): { readonly show: Progress; readonly end: () => void } {
  let last = '';
  const show: Progress = (state, seconds) => {
    if (stream.isTTY) stream.write(`\r${state}, ${seconds.toFixed(0)} s`);
    else if (state !== last) stream.write(`${state}\n`);
    last = state;
  };
  const end = () => {
    if (stream.isTTY && last !== '') stream.write('\r\u001b[K');
  };
  return { show, end };
}
