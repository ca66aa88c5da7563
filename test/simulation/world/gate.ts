/** Where those who work for long wait while time goes by: nobody is in the midst of a page for half an hour. */
export class Gate {
  private underway = 0;
  private closed = false;
  private waiting: (() => void)[] = [];
  private onQuiet: (() => void) | undefined;

  /** Does long work, which passes the gate now and then. Nobody waits for one that dies. */
  async within<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    this.underway += 1;
    try {
      return await work();
    } finally {
      this.underway -= 1;
      this.tellQuiet();
    }
  }

  /** Goes on once the gate is open. */
  async pass(): Promise<void> {
    if (!this.closed) return;
    await new Promise<void>((resolve) => {
      this.waiting.push(resolve);
      this.tellQuiet();
    });
  }

  /** Closes the gate; everybody waits at it, or is done, when this settles. */
  async close(): Promise<void> {
    this.closed = true;
    await new Promise<void>((resolve) => {
      this.onQuiet = resolve;
      this.tellQuiet();
    });
  }

  open(): void {
    this.closed = false;
    this.onQuiet = undefined;
    for (const goOn of this.waiting.splice(0)) goOn();
  }

  private tellQuiet(): void {
    if (this.closed && this.waiting.length === this.underway) this.onQuiet?.();
  }
}
