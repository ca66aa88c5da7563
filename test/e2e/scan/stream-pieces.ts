import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient, ListShardsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { asOwner, platform, stackOutput } from '../platform/deployment.ts';
import { type Piece, pieceOf, textOf } from './pieces.ts';

// Over HTTP/2, the emulator misreads requests.
const kinesis = new KinesisClient({ ...asOwner, requestHandler: new NodeHttpHandler() });

/** Records of the event stream that came since a time. */
export async function streamed(since: number): Promise<Piece[]> {
  const StreamName = stackOutput('eventStream');
  const found: Piece[] = [];
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName }));
  for (const { ShardId } of Shards) {
    const from = { StreamName, ShardId, ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(since) } as const;
    let { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(from));
    for (let behind = 1; behind > 0 && ShardIterator !== undefined; ) {
      const page = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
      for (const { Data = [], PartitionKey, SequenceNumber, ApproximateArrivalTimestamp } of page.Records ?? []) {
        // The key is a part of the name: what is packed must not follow it.
        const where = `record ${SequenceNumber} of ${PartitionKey}`;
        found.push(pieceOf(where, ApproximateArrivalTimestamp?.getTime() ?? 0, Buffer.from(Data)));
      }
      behind = (page.Records ?? []).length === 0 ? 0 : 1;
      ShardIterator = page.NextShardIterator;
    }
  }
  return found;
}

/** A call of the streams of DynamoDB, of which the platform has no client. The emulator looks at no signature. */
async function tableStream(action: string, body: object): Promise<Record<string, unknown>> {
  const scope = `test/20260101/${asOwner.region}/dynamodb/aws4_request`;
  const answer = await fetch(platform.emulatorUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDBStreams_20120810.${action}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${action}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}

interface Change {
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number;
    readonly SequenceNumber: string;
    readonly Keys: Readonly<Record<'pk' | 'sk', { readonly S: string }>>;
  };
}

/** Changes of the profile table that its stream still has, since a time, in their order; each names its item. */
export async function changes(since: number): Promise<Piece[]> {
  const found: Piece[] = [];
  const { Streams } = await tableStream('ListStreams', { TableName: stackOutput('profileTable') });
  for (const { StreamArn } of Streams as readonly { readonly StreamArn: string }[]) {
    const { StreamDescription } = await tableStream('DescribeStream', { StreamArn });
    const { Shards } = StreamDescription as { readonly Shards: readonly { readonly ShardId: string }[] };
    for (const { ShardId } of Shards) {
      const at = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
      let { ShardIterator } = (await tableStream('GetShardIterator', at)) as { ShardIterator?: string };
      while (ShardIterator !== undefined) {
        const page = await tableStream('GetRecords', { ShardIterator });
        const records = (page.Records ?? []) as readonly Change[];
        for (const record of records) {
          const { ApproximateCreationDateTime: seconds, SequenceNumber, Keys } = record.dynamodb;
          // Times of changes are whole seconds.
          if (seconds * 1_000 >= since - 1_000)
            found.push(
              pieceOf(`change ${SequenceNumber} of ${Keys.pk.S} ${Keys.sk.S}`, seconds * 1_000, textOf(record)),
            );
        }
        ShardIterator = records.length === 0 ? undefined : String(page.NextShardIterator);
      }
    }
  }
  return found;
}
