/** How often a message was really tried, and when first, in milliseconds since 1970. */
export interface Tries {
  readonly tries: number;
  readonly firstTried: number;
}

/** Remembers the tries of messages that failed, because their queue counts also when they only waited. */
export interface TriesMemory {
  /** The tries of those of these messages that failed before, by the ids of their queue. */
  readonly recall: (messageIds: readonly string[]) => Promise<ReadonlyMap<string, Tries>>;
  readonly record: (messageId: string, tries: Tries) => Promise<void>;
}
