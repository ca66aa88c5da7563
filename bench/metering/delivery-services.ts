import type { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { assumptions } from './assumptions.ts';
import { firehoseGigabytes, type Meter } from './meter.ts';
import type { Waves } from './waves.ts';

const part = 'deliver';

/** The same client, whose calls take time. */
export const waiting = (client: DynamoDBDocumentClient, waves: Waves): DynamoDBDocumentClient =>
  Object.assign(Object.create(DynamoDBDocumentClient.prototype), {
    send: async (command: never) => {
      await waves.pass(assumptions.dynamoCall);
      return client.send(command);
    },
  });

/** SQS, which hides messages. */
export function queue(meter: Meter, waves: Waves): SQSClient {
  const send = async () => {
    meter.count('queue', 'sqsRequest', 1);
    await waves.pass(assumptions.sqsCall);
    return {};
  };
  return { send } as unknown as SQSClient;
}

/** Secrets Manager, with the settings of a webhook. */
export function secrets(meter: Meter, waves: Waves): SecretsManagerClient {
  const send = async (_: GetSecretValueCommand) => {
    meter.count(part, 'secretRead', 1);
    meter.count(part, 'kmsRequest', 1);
    await waves.pass(assumptions.logCall);
    return { SecretString: JSON.stringify({ url: 'https://tool.example/' }) };
  };
  return { send } as unknown as SecretsManagerClient;
}

/** Firehose, which takes rows of attempts. */
export function firehose(meter: Meter, waves: Waves): FirehoseClient {
  const send = async ({ input: { Records = [] } }: PutRecordBatchCommand) => {
    for (const { Data } of Records) meter.count('rows of attempts', 'firehoseGb', firehoseGigabytes(Data?.length ?? 0));
    await waves.pass(assumptions.logCall);
    return { FailedPutCount: 0, RequestResponses: Records.map(() => ({ RecordId: 'taken' })) };
  };
  return { send } as unknown as FirehoseClient;
}
