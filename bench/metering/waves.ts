/**
 * Time that passes while calls wait. Calls that are under way together take as long as the longest of them, so what
 * waits is counted, and no clock ticks.
 */
export class Waves {
  seconds = 0;
  private wave: { longest: number; readonly over: Promise<void> } | undefined;

  /** A call that takes so long. */
  async pass(seconds: number): Promise<void> {
    this.wave ??= { longest: 0, over: this.end() };
    this.wave.longest = Math.max(this.wave.longest, seconds);
    await this.wave.over;
  }

  private async end(): Promise<void> {
    // Until then, everything has begun that can begin without an answer.
    await new Promise(setImmediate);
    this.seconds += this.wave?.longest ?? 0;
    this.wave = undefined;
  }
}
