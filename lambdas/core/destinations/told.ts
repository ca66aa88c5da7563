/** Under which names a destination was told that somebody entered a segment, and since when they were in it. */
export interface Told {
  /** Names and addresses as texts: `userId:ann`, `email:ann@example.com`. */
  readonly names: ReadonlySet<string>;
  readonly since?: string | undefined;
  /** Profiles under whose ids names are recorded. */
  readonly holders?: readonly string[] | undefined;
}
