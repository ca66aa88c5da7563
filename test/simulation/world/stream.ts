/** One record of a shard. Sequence numbers have the length AWS gives them: too long for a number. */
export interface StreamRecord<Data> {
  readonly sequenceNumber: string;
  readonly data: Data;
}

/** A shard: records in order of arrival. */
export class Shard<Data> {
  readonly records: StreamRecord<Data>[] = [];

  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  append(data: Data): string {
    const sequenceNumber = `4959033827149025660855969253836157109592157${String(this.records.length + 1).padStart(13, '0')}`;
    this.records.push({ sequenceNumber, data });
    return sequenceNumber;
  }
}
