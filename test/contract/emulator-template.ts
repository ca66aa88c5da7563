import { getAtt, oracleFunction, referenceOutputs, role, tlsOnlyBucket } from '../local/stack/template-parts.ts';

const mapping = (functionId: string, stream: string, more: object) => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    FunctionName: { Ref: functionId },
    EventSourceArn: getAtt(stream, 'Arn'),
    StartingPosition: 'TRIM_HORIZON',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    MaximumRetryAttempts: 2,
    MaximumBatchingWindowInSeconds: 1,
    DestinationConfig: { OnFailure: { Destination: getAtt('Failed', 'Arn') } },
    ...more,
  },
});

const streamOfOneShard = { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } };

/** A table, and two streams whose functions ask the test: one mapping splits batches that threw, the other does not. */
export const contractTemplate = (oracleUrl: string) => ({
  Resources: {
    ...tlsOnlyBucket('Failed'),
    Role: role('lambda', ['kinesis:*', 's3:PutObject']),
    Whole: streamOfOneShard,
    Halved: streamOfOneShard,
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        AttributeDefinitions: [
          ...['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
          ...['dueShard', 'dueAt'].map((AttributeName) => ({ AttributeName, AttributeType: 'N' })),
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'due',
            KeySchema: [
              { AttributeName: 'dueShard', KeyType: 'HASH' },
              { AttributeName: 'dueAt', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
        BillingMode: 'PAY_PER_REQUEST',
      },
    },
    WholeFunction: oracleFunction(oracleUrl, 'whole', 'Role'),
    HalvedFunction: oracleFunction(oracleUrl, 'halved', 'Role'),
    WholeMapping: mapping('WholeFunction', 'Whole', {}),
    HalvedMapping: mapping('HalvedFunction', 'Halved', { BisectBatchOnFunctionError: true }),
  },
  Outputs: referenceOutputs('Whole', 'Halved', 'Table', 'Failed'),
});
