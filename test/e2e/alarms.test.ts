import { GlueClient, StartJobRunCommand } from '@aws-sdk/client-glue';
import {
  DeleteFunctionConcurrencyCommand,
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { beforeAll, describe, expect, it } from 'vitest';
import { destinationDeadLettersOutput, jobOutput } from '../../lambdas/core/contract.ts';
import { asOwner, platform, unique } from './deployment.ts';
import { eventually } from './eventually.ts';
import { findFunction, type Purpose } from './functions.ts';
import { withIdentityRules } from './identity-rules.ts';
import { deliveryQueue } from './queues.ts';
import { post } from './requests.ts';
import { copied, deployedAlarms, type Ears, type Sooner, subscribe } from './ringing.ts';
import { withoutGrant } from './roles.ts';

const lambda = new LambdaClient(asOwner);
const sqs = new SQSClient(asOwner);
let ears: Ears;
let alarms: ReadonlyMap<string, MetricAlarm>;

beforeAll(async () => {
  ears = await subscribe();
  alarms = await deployedAlarms();
});

function named(name: string): MetricAlarm {
  const found = alarms.get(name);
  if (found === undefined) throw new Error(`no alarm ${name}; there are ${[...alarms.keys()].join(', ')}`);
  return found;
}

/** Does again and again what makes an alarm ring, until its message has come. */
async function rings(alarm: string | undefined, cause: () => Promise<unknown> = async () => {}): Promise<void> {
  await eventually(
    async () => {
      await cause();
      await ears.listen();
      expect(ears.states(alarm ?? ''), alarm).toContain('ALARM');
    },
    { within: 90_000, every: 1_000 },
  );
}

const identify = (traits: object = {}) => post('/v1/identify', { userId: unique(`ring-${Math.random()}`), traits });
const refused = () => post('/v1/batch', { batch: [{ type: 'nonsense', userId: 'u' }] });

describe('as it is deployed', () => {
  it.each(['stitch', 'publish', 'collect', 'profile', 'admin'] as const)('the alarm of a function that throws: %s', async (purpose) => {
    const { name } = await findFunction(purpose);
    const alarm = [...alarms.values()].find(
      ({ MetricName, Dimensions }) => MetricName === 'Errors' && Dimensions?.some(({ Value }) => Value === name),
    );
    const invoke = () => lambda.send(new InvokeCommand({ FunctionName: name, Payload: Buffer.from('{"Records":[null]}') }));
    await rings(alarm?.AlarmName, invoke);
  });

  it.each(['collect', 'stitch', 'publish', 'profile', 'admin'] as const)('the alarm of a function that may not run: %s', async (purpose) => {
    await withoutConcurrency(purpose, async (name) => {
      const alarm = [...alarms.values()].find(
        ({ MetricName, Dimensions }) => MetricName === 'Throttles' && Dimensions?.some(({ Value }) => Value === name),
      );
      await rings(alarm?.AlarmName, () => lambda.send(new InvokeCommand({ FunctionName: name, Payload: Buffer.from('{}') })).catch(() => {}));
    });
  });

  it('FlowTraitsNotKept: a person says more than a profile holds', () =>
    rings(named('FlowTraitsNotKept').AlarmName, () => identify({ a: 'x'.repeat(30_000), b: 'y'.repeat(30_000) })));

  it('FlowEventsCapped: somebody has more identifiers than the cap', async () => {
    const rules = { caps: { identifiers: 1, merges: 1 } };
    await withIdentityRules(rules, () =>
      rings(named('FlowEventsCapped').AlarmName, () => post('/v1/identify', { userId: unique(`cap-${Math.random()}`), anonymousId: unique(`a-${Math.random()}`) })),
    );
  });

  it('FlowBodiesDamaged: compressed bytes were taken for text on their way', () =>
    rings(named('FlowBodiesDamaged').AlarmName, () =>
      post('/v1/batch', '\u001f\ufffd\b\u0000\u0000\u0000\u0000\u0000\u0000\u0003', { 'content-encoding': 'gzip' }),
    ));

  it('DestinationCrmDeadLetters: a letter lies in its queue', async () => {
    const QueueUrl = platform.stack[destinationDeadLettersOutput('crm')];
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"detail":{}}' }));
    await rings(destinationAlarm('ApproximateNumberOfMessagesVisible'));
  });

  it('JobsJobFailed: a run of a job fails, and a message says which', async () => {
    const JobName = platform.stack[jobOutput('events')];
    const Arguments = { '--overlap-minutes': 'long' };
    await new GlueClient(asOwner).send(new StartJobRunCommand({ JobName, Arguments }));
    await rings(named('JobsJobFailed').AlarmName);
    expect(ears.others.join('\n')).toMatch(new RegExp(`The job ${JobName} ended with FAILED, run jr_\\w+\\. What to do: docs/runbook\\.md#jobfailed`));
  });

  it.each([
    { purpose: 'stitch', given: 'StitchingRecords', cause: () => identify({ newsletter: true }) },
    { purpose: 'publish', given: 'SegmentsChanges', cause: () => identify({ newsletter: true }) },
  ] as const)('FunctionsGivenUp and FunctionsLost of $given', async ({ purpose, given, cause }) => {
    await givingUp(purpose, async () => {
      await rings(named(`Functions${given}GivenUp`).AlarmName, cause);
      await withoutGrant(await findFunction(purpose), 's3:PutObject', () => rings(named(`Functions${given}Lost`).AlarmName, cause));
    });
  });
});

describe('as it is deployed, but looking every ten seconds, and at less', () => {
  const sooner = (Threshold?: number): Sooner => ({ Period: 10, ...(Threshold !== undefined && { Threshold }) });
  const rungSooner = async (name: string, by: Sooner, cause: () => Promise<unknown>) => rings(await copied(name, named(name), by), cause);

  it.each([
    { name: 'FlowEventsWaiting', by: sooner(0), cause: () => identify() },
    { name: 'FlowChangesWaiting', by: sooner(0), cause: () => identify({ newsletter: true }) },
    { name: 'FlowRawZoneLate', by: sooner(0), cause: () => identify() },
    { name: 'FlowRawZoneBehind', by: sooner(0), cause: () => identify() },
    { name: 'FlowQuarantineLate', by: sooner(0), cause: refused },
    { name: 'FlowIdentityLogLate', by: sooner(0), cause: () => identify() },
    { name: 'FlowStreamFillingUp', by: sooner(0), cause: () => identify() },
  ])('$name', ({ name, by, cause }) => rungSooner(name, by, cause));

  it('FlowEventsUnread: stitch may not read the stream', async () =>
    withoutGrant(await findFunction('stitch'), 'kinesis:GetRecords', () => rungSooner('FlowEventsUnread', sooner(), () => identify())));

  it('FlowRawZoneUnread: the raw zone may not read the stream', async () =>
    withoutGrant(await rawZoneRole(), 'kinesis:GetRecords', () => rungSooner('FlowRawZoneUnread', sooner(), () => identify())));

  it('DestinationCrmWaiting: nobody takes deliveries', async () => {
    const { url } = await deliveryQueue();
    await withoutConcurrency('deliver', async () => {
      await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: '{"detail":{}}' }));
      const name = destinationAlarm('ApproximateAgeOfOldestMessage');
      const alarm = [...alarms.values()].find(({ AlarmName }) => AlarmName === name);
      await rings(await copied('Waiting', alarm ?? {}, sooner(1)));
    });
  });
});

/** The alarm of the only destination on a metric of its queues. */
const destinationAlarm = (metric: string) => [...alarms.values()].find(({ MetricName }) => MetricName === metric)?.AlarmName;
