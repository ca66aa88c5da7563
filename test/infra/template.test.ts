import { describe, expect, it } from 'vitest';
import { config } from '../../cdp.config.ts';
import { parseConfig } from '../../lambdas/core/config/config.ts';
import { jobsOf } from '../../lambdas/core/config/declared-records.ts';
import { databasesIn } from '../../lambdas/core/config/pull-jobs.ts';
import {
  destinationDeadLettersOutput,
  destinationFunctionOutput,
  destinationQueueOutput,
  destinationSettingsOutput,
  jobOutput,
  output,
  pullJobOutput,
} from '../../lambdas/core/contract/outputs.ts';
import { rulesBySubject } from './rules/all.ts';
import { testRules } from './rules/rule.ts';
import { at, ofType, target } from './rules/template.ts';
import { shipped } from './shipped.ts';

describe.each(Object.entries(rulesBySubject))('%s', (_, rules) => testRules(rules, shipped));

describe('outputs', () => {
  const destinations = config.destinations?.map(({ id }) => id) ?? [];
  const parsed = parseConfig(config);
  const pulled = databasesIn(parsed.sources).map(({ id }) => pullJobOutput(id));
  const jobs = [...jobsOf(parsed).map(jobOutput), ...pulled];

  it('are the contract’s, all of them and no others', () => {
    const promised = [
      ...Object.values(output),
      ...jobs,
      ...destinations.flatMap((id) => [
        destinationSettingsOutput(id),
        destinationQueueOutput(id),
        destinationFunctionOutput(id),
        destinationDeadLettersOutput(id),
      ]),
    ];
    // A nested stack tells the one beside it its queue or its function that way.
    const between = /^CdpPlatform(Destination|Imports|Topics)\w+Ref$/;
    const outputs = Object.keys(shipped().Outputs ?? {}).filter((id) => !between.test(id));
    expect(outputs.sort()).toEqual(promised.sort());
  });

  it.each([
    [output.eventStream, 'Kinesis::Stream'],
    [output.profileTable, 'DynamoDB::Table'],
    [output.lakeBucket, 'S3::Bucket'],
    [output.failedBatchBucket, 'S3::Bucket'],
    [output.segmentBus, 'Events::EventBus'],
    [output.database, 'Glue::Database'],
    [output.workgroup, 'Athena::WorkGroup'],
    ...jobs.map((name) => [name, 'Glue::Job']),
    ...destinations.flatMap((id) => [
      [destinationSettingsOutput(id), 'SecretsManager::Secret'],
      [destinationQueueOutput(id), 'SQS::Queue'],
      [destinationFunctionOutput(id), 'Lambda::Function'],
      [destinationDeadLettersOutput(id), 'SQS::Queue'],
    ]),
  ])('%s names a %s', (name = '', type) => {
    const { Resources, Outputs = {} } = shipped();
    expect(Resources[target(Outputs[name]?.Value) ?? '']?.Type).toBe(`AWS::${type}`);
  });
});

describe('destinations', () => {
  it.each(config.destinations ?? [])(
    '$id has a rule for what is announced to it, and a function of its own',
    ({ id }) => {
      const rules = ofType(shipped(), 'Events::Rule').map(([, rule]) =>
        at(rule, 'Properties.EventPattern.detail.destinations'),
      );
      expect(rules).toContainEqual([id]);
      const served = ofType(shipped(), 'Lambda::Function').map(([, fn]) =>
        at(fn, 'Properties.Environment.Variables.DESTINATION_ID'),
      );
      expect(served.filter((destination) => destination === id)).toHaveLength(1);
    },
  );
});
