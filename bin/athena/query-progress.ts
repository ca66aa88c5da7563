import type { Progress } from './run-query.ts';

/**
 * Shows the state of a running query: on a terminal one line that is overwritten, elsewhere one line for each state.
 */
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
