/** Where progress is shown: standard error, or a stand-in for it. */
export type Screen = Pick<NodeJS.WriteStream, 'isTTY' | 'write'>;

/** One line about an operation that takes a while. */
interface ProgressLine {
  /** Replaces the line on a terminal. Elsewhere writes `plain` as a line of its own, if the caller gives it. */
  show(text: string, plain?: string): void;
  /** Removes the line from a terminal. */
  erase(): void;
}

/** Shows progress as one line, which a terminal overwrites and at last removes. */
export function progressLine(screen: Screen = process.stderr): ProgressLine {
  return {
    show(text, plain) {
      if (screen.isTTY) screen.write(`\r\u001b[K${text}`);
      else if (plain !== undefined) screen.write(`${plain}\n`);
    },
    erase() {
      if (screen.isTTY) screen.write('\r\u001b[K');
    },
  };
}
