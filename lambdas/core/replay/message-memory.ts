/** Remembers the marks of recent messages: at least `least`, at most twice as many. */
export class MessageMemory {
  private now = new Set<string>();
  private before = new Set<string>();

  private readonly least: number;

  /** One million marks take about 100 MB. */
  constructor(least = 1_000_000) {
    this.least = least;
  }

  /** Whether a message is new, as far as the memory reaches. */
  isFirst(mark: string): boolean {
    if (this.now.has(mark) || this.before.has(mark)) return false;
    if (this.now.size >= this.least) [this.before, this.now] = [this.now, new Set()];
    this.now.add(mark);
    return true;
  }
}
