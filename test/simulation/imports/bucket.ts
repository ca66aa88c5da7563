import { GetObjectCommand, HeadObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { NoAnswer, tableError } from '../../fakes/table-error.ts';
import type { Worker, World } from '../running/worker.ts';

/** One version of an object. */
interface Version {
  readonly id: string;
  readonly body: Buffer;
  readonly modifiedAt: number;
}

interface Place {
  readonly Key?: string | undefined;
  readonly VersionId?: string | undefined;
}

/** A versioned bucket that says of each put that there is a version, and what may fail at each call of a worker. */
export class Bucket {
  private readonly objects = new Map<string, Version[]>();
  private made = 0;

  private readonly world: World;
  private readonly now: () => number;
  private readonly tell: (key: string, version: string) => void;

  constructor(world: World, now: () => number, tell: (key: string, version: string) => void) {
    this.world = world;
    this.now = now;
    this.tell = tell;
  }

  put(key: string, body: Buffer): void {
    const id = `v${++this.made}`;
    this.objects.set(key, [...(this.objects.get(key) ?? []), { id, body, modifiedAt: this.now() }]);
    this.tell(key, id);
  }

  /** The latest bodies of the objects below a prefix, by key. */
  below(prefix: string): Map<string, Buffer> {
    const found = [...this.objects].filter(([key]) => key.startsWith(prefix));
    return new Map(found.map(([key, versions]) => [key, versions.at(-1)?.body ?? Buffer.of()]));
  }

  /** The latest version of an object. */
  latest = (key: string): string => this.objects.get(key)?.at(-1)?.id ?? '';

  /** How many different bodies the versions of an object have. */
  bodiesOf(key: string): number {
    return new Set((this.objects.get(key) ?? []).map(({ body }) => body.toString('base64'))).size;
  }

  clientFor(worker: Worker): S3Client {
    const send = async (command: unknown) => {
      if (command instanceof PutObjectCommand) return this.faultyPut(worker, command.input);
      if (command instanceof HeadObjectCommand) return headOf(await this.read(worker, command.input));
      if (command instanceof GetObjectCommand) return bodyOf(await this.read(worker, command.input));
      throw new Error(`${(command as object).constructor.name} is not known here`);
    };
    return { send } as unknown as S3Client;
  }

  private faultyPut(worker: Worker, { Key = '', Body }: PutObjectCommand['input']): Promise<object> {
    const { chance, rates, tally } = this.world;
    return worker.call('put object', () => {
      this.mayBeBusy();
      this.put(Key, Buffer.from(Body as string));
      if (!chance.happens(rates.noAnswer)) return {};
      tally.add('fault: object put, answer lost');
      throw new NoAnswer();
    });
  }

  private read(worker: Worker, { Key = '', VersionId }: Place): Promise<Version> {
    return worker.call('read object', () => {
      this.mayBeBusy();
      const versions = this.objects.get(Key) ?? [];
      const found = VersionId === undefined ? versions.at(-1) : versions.find(({ id }) => id === VersionId);
      if (found === undefined) throw new NoSuchKey({ message: Key, $metadata: {} });
      return found;
    });
  }

  private mayBeBusy(): void {
    const { chance, rates, tally } = this.world;
    if (!chance.happens(rates.throttled)) return;
    tally.add('fault: bucket is busy');
    throw tableError('SlowDown');
  }
}

const headOf = ({ id, body, modifiedAt }: Version) => ({
  VersionId: id,
  ContentLength: body.length,
  LastModified: new Date(modifiedAt),
});

const bodyOf = ({ body }: Version) => ({
  Body: {
    transformToString: async () => body.toString(),
    transformToByteArray: async () => new Uint8Array(body),
    async *[Symbol.asyncIterator]() {
      yield body;
    },
  },
});
