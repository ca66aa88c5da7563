import type { Progress } from '../../lambdas/operations/lake-walk.ts';

/**
 * Shows the progress of a walk through the lake: on a terminal one line that is overwritten, elsewhere one line every
 * ten seconds.
 */
export function walkProgress(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>,
  objects: number,
  describe: (progress: Progress) => string,
) {
  let last = Date.now();
  const show = (progress: Progress): void => {
    const text = `${describe(progress)}, ${progress.objects} of ${objects} objects`;
    if (stream.isTTY) stream.write(`\r\u001b[K${text}`);
    else if (Date.now() - last >= 10_000) {
      stream.write(`${text}\n`);
      last = Date.now();
    }
  };
  const end = (): void => {
    if (stream.isTTY) stream.write('\r\u001b[K');
  };
  return { show, end };
}
