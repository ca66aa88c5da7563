/** Remembers the last messages, each by its mark, that it was told of, at least as many as `least` and at most twice that. */
export class MessageMemory {
  private now = new Set<string>();
  private before = new Set<string>();

  /** A million take about 100 MB. */
  constructor(private readonly least = 1_000_000) {}

  /** Whether a message is told of for the first time, as far as this remembers. */
  isFirst(mark: string): boolean {
    if (this.now.has(mark) || this.before.has(mark)) return false;
    if (this.now.size >= this.least) [this.before, this.now] = [this.now, new Set()];
    this.now.add(mark);
    return true;
  }
}
