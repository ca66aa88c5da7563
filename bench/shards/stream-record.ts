/** A record: who sent it, where its partition key is, and when the stream took it, seconds. */
export interface StreamRecord {
  readonly sender: number;
  readonly position: number;
  readonly arrivedAt: number;
}
