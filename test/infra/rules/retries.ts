import { isDeepStrictEqual } from 'node:util';
import { segmentEvent } from '../../../lambdas/core/contract/signals.ts';
import { table } from '../../../lambdas/core/contract/storage.ts';
import { every, type Rule } from './rule.ts';
import { at, ofType, type Template, target } from './template.ts';

const isFedBy = (type: string) => (id: string, template: Template) => {
  const source = target(at(template.Resources[id], 'Properties.EventSourceArn'));
  return template.Resources[source ?? '']?.Type === `AWS::${type}`;
};
const isFedByStream = (id: string, template: Template): boolean => !isFedBy('SQS::Queue')(id, template);
const atMost = (limit: number) => (value: unknown) => typeof value === 'number' && value > 0 && value <= limit;

const whereThereIs = (attribute: string): object => ({
  Pattern: `{"dynamodb":{"NewImage":{"${attribute}":{"S":[{"exists":true}]}}}}`,
});

/** DynamoDB keeps a stream's records for a day, and Kinesis no less. */
const anHour = 3_600;

/** Every retry ends, in a place that keeps the whole payload; every failure of one item is that item's only. */
export const retryRules: readonly Rule[] = [
  every({
    name: 'every mapping lets a function say which items failed',
    type: 'Lambda::EventSourceMapping',
    looksLike: { Properties: { FunctionResponseTypes: ['ReportBatchItemFailures'] } },
    spoiledBy: { Properties: { FunctionResponseTypes: undefined } },
  }),
  every({
    name: 'every stream is read from its beginning, with so many retries that its records’ age ends them, bounded age and halved batches',
    type: 'Lambda::EventSourceMapping',
    only: isFedByStream,
    looksLike: {
      Properties: {
        StartingPosition: 'TRIM_HORIZON',
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: (attempts) => Number(attempts) >= 1_000 && Number(attempts) <= 10_000,
        MaximumRecordAgeInSeconds: atMost(anHour * 23),
        BatchSize: atMost(1000),
        MetricsConfig: { Metrics: ['EventCount'] },
      },
    },
    spoiledBy: { Properties: { MaximumRetryAttempts: 10 } },
  }),
  every({
    name: 'no stream is retried without end',
    type: 'Lambda::EventSourceMapping',
    only: isFedByStream,
    looksLike: { Properties: { MaximumRetryAttempts: atMost(10_000), MaximumRecordAgeInSeconds: atMost(anHour * 23) } },
    spoiledBy: { Properties: { MaximumRetryAttempts: -1 } },
  }),
  {
    name: 'stitch gives up on a record, and puts it aside, before the stream forgets it',
    breaches: (template) =>
      ofType(template, 'Lambda::EventSourceMapping')
        .filter(([id]) => isFedBy('Kinesis::Stream')(id, template))
        .filter(([, mapping]) => {
          const stream = template.Resources[target(at(mapping, 'Properties.EventSourceArn')) ?? ''];
          return !(
            Number(at(mapping, 'Properties.MaximumRecordAgeInSeconds')) <
            3600 * Number(at(stream, 'Properties.RetentionPeriodHours'))
          );
        })
        .map(([id]) => id),
    spoil: (template) => {
      for (const [, { Properties = {} }] of ofType(template, 'Lambda::EventSourceMapping'))
        Properties.MaximumRecordAgeInSeconds = 86_400;
    },
  },
  {
    name: 'what a stream’s function gives up on goes to a bucket, whole',
    breaches: (template) =>
      ofType(template, 'Lambda::EventSourceMapping')
        .filter(([id]) => isFedByStream(id, template))
        .filter(([, mapping]) => {
          const place = target(at(mapping, 'Properties.DestinationConfig.OnFailure.Destination'));
          return template.Resources[place ?? '']?.Type !== 'AWS::S3::Bucket';
        })
        .map(([id]) => id),
    spoil: (template) => {
      for (const [, { Properties = {} }] of ofType(template, 'Lambda::EventSourceMapping'))
        Reflect.deleteProperty(Properties, 'DestinationConfig');
    },
  },
  every({
    name: 'publish sees changes of membership and decisions about identity, and no other write',
    type: 'Lambda::EventSourceMapping',
    only: isFedBy('DynamoDB::Table'),
    looksLike: {
      Properties: {
        FilterCriteria: {
          Filters: (filters) => isDeepStrictEqual(filters, [table.changes, table.log].map(whereThereIs)),
        },
      },
    },
    spoiledBy: { Properties: { FilterCriteria: undefined } },
  }),
  every({
    name: 'every rule of a bus of ours listens for membership changes that are announced for one destination, and keeps what its queue refuses',
    type: 'Events::Rule',
    only: (id, template) => at(template.Resources[id], 'Properties.EventBusName') !== undefined,
    looksLike: {
      Properties: {
        State: 'ENABLED',
        EventBusName: (bus) => target(bus) !== undefined,
        EventPattern: {
          source: [segmentEvent.source],
          'detail-type': [segmentEvent.detailType],
          detail: { destinations: (ids) => Array.isArray(ids) && ids.length === 1 },
        },
        Targets: [{ DeadLetterConfig: { Arn: (queue) => target(queue) !== undefined } }],
      },
    },
    spoiledBy: { Properties: { EventPattern: { detail: undefined } } },
  }),
];
