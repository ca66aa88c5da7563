import { Readable } from 'node:stream';
import {
  type GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { assumptions } from './assumptions.ts';
import { gigabyte, type Meter } from './meter.ts';

/** S3 in memory. It counts each request, and what it keeps for as long as the raw zone does. */
export class CountedS3 {
  readonly objects = new Map<string, Buffer>();
  calls = 0;

  private readonly meter: Meter;
  private readonly part: string;

  private readonly modified: Date;

  /** `modified` is when every object was put there, milliseconds since 1970. */
  constructor(meter: Meter, part: string, modified: number) {
    this.meter = meter;
    this.part = part;
    this.modified = new Date(modified);
  }

  readonly client = { send: (command: never) => this.send(command) } as unknown as S3Client;

  private async send(command: PutObjectCommand | HeadObjectCommand | GetObjectCommand): Promise<object> {
    this.calls += 1;
    const { Key = '' } = command.input;
    if (command instanceof PutObjectCommand) {
      const body = Buffer.from(command.input.Body as Uint8Array | string);
      this.meter.count(this.part, 's3Put', 1);
      this.meter.count(this.part, 's3GbMonth', (body.length / gigabyte) * assumptions.rawMonths);
      this.objects.set(Key, body);
      return {};
    }
    this.meter.count(this.part, 's3Get', 1);
    const bytes = this.objects.get(Key);
    if (bytes === undefined) throw new NoSuchKey({ message: Key, $metadata: {} });
    if (command instanceof HeadObjectCommand)
      return { ContentLength: bytes.length, VersionId: 'v1', LastModified: this.modified };
    const texts = { transformToString: async () => bytes.toString('utf8'), transformToByteArray: async () => bytes };
    return { Body: Object.assign(Readable.from([bytes]), texts) };
  }
}
