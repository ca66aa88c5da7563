import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetJobRunCommand, GlueClient, StartJobRunCommand } from '@aws-sdk/client-glue';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { destinationDeadLettersOutput, jobOutput, pullJobOutput } from '../../../lambdas/core/contract/outputs.ts';
import { kinesisEvent, recordOf } from '../../fakes/kinesis.ts';
import { failFor } from '../observed/deliveries.ts';
import { eventually } from '../observed/eventually.ts';
import { deliveryQueue } from '../observed/queues.ts';
import { post, send } from '../observed/requests.ts';
import { asOwner, platform, stackOutput, unique } from '../platform/deployment.ts';
import { findFunction } from '../platform/functions.ts';
import { withIdentityRules } from '../platform/identity-rules.ts';
import { withoutGrant } from '../platform/roles.ts';
import { cannotRing } from './cannot-ring.ts';
import { hear, listenToAlarms, type Ringing, ring as rung, type Sooner } from './ringing.ts';
import { dropFile, stageBadRows } from './source-troubles.ts';
import {
  givingUp,
  rawZoneRole,
  switchedOff,
  withoutConcurrency,
  withoutConcurrencyOf,
  withoutSettingsOf,
} from './troubles.ts';

const lambda = new LambdaClient(asOwner);
const sqs = new SQSClient(asOwner);
const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient(asOwner));
let ringing: Ringing;
beforeAll(async () => {
  ringing = await listenToAlarms();
});
afterAll(() => console.table([...ringing.rung].map(([alarm, how]) => ({ alarm, how, heard: 'ALARM' }))));

const ring = (name: string, how: string, cause: () => Promise<unknown>, sooner?: Sooner) =>
  rung(ringing, name, how, cause, sooner);

/** The names of alarms on a metric, with the value of their only dimension. */
const on = (metric: string): (readonly [name: string, of: string])[] =>
  [...ringing.alarms].flatMap(([name, { MetricName, Dimensions }]) =>
    MetricName === metric ? [[name, Dimensions?.[0]?.Value ?? ''] as const] : [],
  );

const invoke = (FunctionName: string) =>
  lambda.send(new InvokeCommand({ FunctionName, Payload: Buffer.from('{"Records":[null]}') })).catch(() => undefined);
const someone = () => unique(`ring-${Math.random()}`);
const identify = (traits: object = {}, userId = someone()) => post('/v1/identify', { userId, traits });
const spend = () => identify({ lifetime_value: 300 });
const refused = () => post('/v1/batch', { batch: [{ type: 'nonsense', userId: 'u' }] });

describe('as it is deployed rings', () => {
  it('the alarm of each function that throws, and of each that may not run', async () => {
    for (const [name, fn] of on('Errors'))
      await withoutSettingsOf(fn, () => ring(name, 'called without its settings', () => invoke(fn)));
    for (const [name, fn] of on('Throttles'))
      await withoutConcurrencyOf(fn, () => ring(name, 'called with a concurrency of 0', () => invoke(fn)));
    expect(on('Throttles').length).toBeGreaterThanOrEqual(6);
  });

  it('FlowTraitsNotKept', async () => {
    const userId = someone();
    await ring('FlowTraitsNotKept', 'more was said of a person than a profile holds', async () => {
      for (const name of ['a', 'b', 'c']) await identify({ [name]: 'x'.repeat(25_000) }, userId);
    });
  });

  it('FlowEventsCapped', () =>
    withIdentityRules({ caps: { identifiers: 1, merges: 1 } }, () =>
      ring('FlowEventsCapped', 'somebody has more identifiers than the cap', () =>
        post('/v1/identify', { userId: someone(), anonymousId: someone() }),
      ),
    ));

  it('FlowBodiesDamaged', () =>
    ring('FlowBodiesDamaged', 'compressed bytes were taken for text on their way', () =>
      post('/v1/batch', '\u001f\ufffd\b\u0000\u0000\u0000\u0000\u0000\u0000\u0003', { 'content-encoding': 'gzip' }),
    ));

  it('FlowSignaturesRefused', () =>
    ring('FlowSignaturesRefused', 'somebody posts to a source without its secret', async () => {
      for (let n = 0; n < 11; n++) await post('/v1/sources/payments', { id: 'evt_forged' });
    }));

  it('FlowRecordsSetAside', async () => {
    const odd = { pk: 'profile#odd', sk: 'state', changes: 'nonsense' };
    const put = () =>
      dynamo.send(new PutCommand({ TableName: stackOutput('profileTable'), Item: { ...odd, at: Math.random() } }));
    await ring('FlowRecordsSetAside', 'the table says what cannot be read', put);
    await dynamo.send(new DeleteCommand({ TableName: stackOutput('profileTable'), Key: { pk: odd.pk, sk: odd.sk } }));
  });

  it('FlowForwardingPutAside', async () => {
    const { name: FunctionName } = await findFunction('forward');
    const order = { type: 'track', event: 'Order Completed', messageId: someone(), userId: someone() };
    // No queue takes so much in one message, and the batch is old.
    const long = { ...order, sourceId: 'shop-backend', properties: { text: 'x'.repeat(2_000_000) } };
    const times = { timestamp: new Date().toISOString(), receivedAt: new Date().toISOString() };
    const event = kinesisEvent([recordOf([{ ...long, ...times }])]);
    const Payload = Buffer.from(JSON.stringify(event));
    await ring('FlowForwardingPutAside', 'an event is larger than a message', async () => {
      await lambda.send(new InvokeCommand({ FunctionName, Payload }));
    });
  });

  it('DueProfilesWaiting and DueWakesFailed', async () => {
    const { name } = await findFunction('tend');
    const key = { pk: 'profile#odd-and-due', sk: 'state' };
    const Payload = Buffer.from('{"slice":0,"slices":1,"wakesPerSecond":100}');
    const wake = async () => {
      const dueAt = Math.floor(Date.now() / 1000) - 300;
      const Item = { ...key, kind: 'profile', dueShard: 3, dueAt };
      await dynamo.send(new PutCommand({ TableName: stackOutput('profileTable'), Item }));
      await lambda.send(new InvokeCommand({ FunctionName: name, Payload }));
    };
    await ring('DueProfilesWaiting', 'a profile is due for five minutes', wake);
    await ring('DueWakesFailed', 'a profile that is due cannot be read', wake);
    await dynamo.send(new DeleteCommand({ TableName: stackOutput('profileTable'), Key: key }));
  });

  it('PrivacyRequestsDue', async () => {
    const { name: FunctionName } = await findFunction('requests');
    const [requestId, now] = [randomUUID(), new Date().toISOString()];
    const key = { pk: 'request#', sk: requestId };
    const asked = { requestId, type: 'erasure', regulation: 'gdpr', submittedAt: now, receivedAt: now, answerBy: now };
    // It waits for its time, so that running it does nothing.
    const waiting = { state: 'waiting', deleteAfter: '2999-01-01T00:00:00.000Z', keys: ['nobody'], profileIds: [] };
    const Item = { ...key, ...asked, ...waiting, version: 1 };
    await dynamo.send(new PutCommand({ TableName: stackOutput('profileTable'), Item }));
    await ring('PrivacyRequestsDue', 'a request was due a moment ago', () =>
      lambda.send(new InvokeCommand({ FunctionName })),
    );
    await dynamo.send(new DeleteCommand({ TableName: stackOutput('profileTable'), Key: key }));
  });

  it('FlowAnnouncementsDropped', async () => {
    const QueueName = ringing.alarms.get('FlowAnnouncementsDropped')?.Dimensions?.[0]?.Value;
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    await ring('FlowAnnouncementsDropped', 'a letter lies in the queue', () =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' })),
    );
  });

  it('DeadLetters', async () => {
    const QueueUrl = platform.stack[destinationDeadLettersOutput('crm')];
    await ring('DeadLetters', 'a letter lies in the queue', () =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"detail":{}}' })),
    );
  });

  it('ImportsGivenUp', () =>
    ring('ImportsGivenUp', 'a letter lies in the queue', () =>
      sqs.send(new SendMessageCommand({ QueueUrl: stackOutput('importDeadLetters'), MessageBody: '{}' })),
    ));

  it.each([
    { source: 'crm-export', object: 'contacts', name: 'CrmExportRefused' },
    { source: 'showroom', object: 'visits', name: 'ShowroomRefused' },
    { source: 'warehouse', object: 'orders', name: 'WarehouseRefused' },
  ])(
    '$name',
    async ({ source, object, name }) =>
      void (await ring(name, 'ten rows cannot be read', () => stageBadRows(source, object, 10))),
  );

  it.each([
    { source: 'crm-export', name: 'CrmExportFailed' },
    { source: 'showroom', name: 'ShowroomFailed' },
  ])('$name', async ({ source, name }) => void (await ring(name, 'a file is empty', () => dropFile(source, '\n'))));

  it('JobsJobFailed, and a message says which job', async () => {
    const JobName = platform.stack[jobOutput('events')];
    await new GlueClient(asOwner).send(new StartJobRunCommand({ JobName, Arguments: { '--overlap-minutes': 'long' } }));
    await ring('JobsJobFailed', 'a run with an argument that is no number', async () => {});
    expect(ringing.ears.others.join('\n')).toMatch(
      new RegExp(`The job ${JobName} ended with FAILED, run jr_\\w+\\. What to do: docs/guides/runbook\\.md#jobfailed`),
    );
  });

  // After the one before, whose alarm it rings, too.
  it('WarehouseFailed', async () => {
    const JobName = platform.stack[pullJobOutput('warehouse')];
    await new GlueClient(asOwner).send(new StartJobRunCommand({ JobName, Arguments: { '--secret': 'nowhere' } }));
    await ring('WarehouseFailed', 'the password of a database is not there', async () => {});
  });

  it.each([
    { purpose: 'stitch', given: 'StitchingRecords' },
    { purpose: 'publish', given: 'SegmentsChanges' },
    { purpose: 'forward', given: 'ForwardingRecords' },
  ] as const)('GivenUp and Lost of the functions behind $given', async ({ purpose, given }) => {
    const found = await findFunction(purpose);
    await givingUp(purpose, async () => {
      await ring(`Functions${given}GivenUp`, 'the function fails, and nothing is tried again', spend);
      const lose = () => ring(`Functions${given}Lost`, 'and its role may not write to the bucket', spend);
      await withoutGrant(found, 's3:PutObject', lose);
    });
  });
});

describe('as it is deployed, but looking every ten seconds and at less, rings', () => {
  const atAny: Sooner = { Period: 10, Threshold: 0 };

  it.each([
    { name: 'FlowEventsWaiting', how: 'an event is read at all', cause: () => identify() },
    { name: 'FlowForwardingWaiting', how: 'an event is read at all', cause: () => identify() },
    { name: 'FlowChangesWaiting', how: 'a change is read at all', cause: spend },
    { name: 'FlowRawZoneLate', how: 'an event is delivered at all', cause: () => identify() },
    { name: 'FlowRawZoneBehind', how: 'an event is read at all', cause: () => identify() },
    { name: 'FlowQuarantineLate', how: 'a rejected event is delivered at all', cause: refused },
    { name: 'FlowIdentityLogLate', how: 'a decision is delivered at all', cause: () => identify() },
    { name: 'FlowAttemptsLate', how: 'a row of an attempt is delivered at all', cause: spend },
    { name: 'FlowStreamFillingUp', how: 'an event is put at all', cause: () => identify() },
  ])('$name', async ({ name, how, cause }) => void (await ring(name, how, cause, atAny)));

  it('FlowEventsUnread', async () =>
    withoutGrant(await findFunction('stitch'), 'kinesis:GetRecords', () =>
      ring('FlowEventsUnread', 'stitch may not read the stream', () => identify(), { Period: 10 }),
    ));

  it('FlowForwardingUnread', async () => {
    const off = () => ring('FlowForwardingUnread', 'its mapping is switched off', () => identify(), { Period: 10 });
    await switchedOff('forward', off);
  });

  it('FlowChangesUnread, and ends when publish reads again', async () => {
    const off = () => ring('FlowChangesUnread', 'its mapping is switched off', () => identify(), { Period: 10 });
    await hear(ringing.ears, await switchedOff('publish', off), 'OK', () => identify());
  });

  it('FlowRawZoneUnread', async () =>
    withoutGrant(await rawZoneRole(), 'kinesis:GetRecords', () =>
      ring('FlowRawZoneUnread', 'its role may not read the stream', () => identify(), { Period: 10 }),
    ));

  it('FlowDeliveriesFailing', async () => {
    const who = someone();
    await failFor(who, 1_000);
    await identify({ lifetime_value: 300 }, who);
    await ring('FlowDeliveriesFailing', 'a destination answers 500', async () => {}, atAny);
    await failFor(who, 0);
  });

  it('FlowDeliveriesOftenFail', async () => {
    const who = someone();
    await failFor(who, 1_000);
    await identify({ lifetime_value: 300 }, who);
    await ring('FlowDeliveriesOftenFail', 'a destination answers 500 now and then', spend, atAny);
    await failFor(who, 0);
  });

  it.each([
    { name: 'JobsDestinationsSilent', job: 'marts', says: 'are silent' },
    { name: 'JobsRecordsAsk', job: 'records', says: 'ask' },
  ] as const)('$name', async ({ name, job, says }) => {
    const glue = new GlueClient(asOwner);
    const JobName = platform.stack[jobOutput(job)];
    const { JobRunId: RunId } = await glue.send(new StartJobRunCommand({ JobName }));
    const succeeded = async () => {
      const { JobRun } = await glue.send(new GetJobRunCommand({ JobName, RunId }));
      expect(JobRun?.JobRunState).toBe('SUCCEEDED');
    };
    await eventually(succeeded, { within: 110_000, every: 1_000 });
    const sooner = { Period: 10, Threshold: -1, EvaluationPeriods: 30, DatapointsToAlarm: 1 };
    await ring(name, `a job tells how many ${says}`, async () => {}, sooner);
  });

  it('FlowAttemptsNotLogged', async () =>
    withoutGrant(await findFunction('deliver'), 'firehose:PutRecordBatch', () =>
      ring('FlowAttemptsNotLogged', 'deliver may not write rows', spend, { Period: 10 }),
    ));

  it('Waiting, of a destination', async () => {
    const { url: QueueUrl } = await deliveryQueue();
    const wait = () => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"detail":{}}' }));
    await withoutConcurrency('deliver', () =>
      ring('Waiting', 'the function may not run', wait, { Period: 10, Threshold: 1 }),
    );
  });

  it('ImportsWaiting', async () => {
    const wait = () => sqs.send(new SendMessageCommand({ QueueUrl: stackOutput('importQueue'), MessageBody: '{}' }));
    await withoutConcurrency('import', () =>
      ring('ImportsWaiting', 'the function may not run', wait, { Period: 10, Threshold: 1 }),
    );
  });

  it.each([
    { name: 'FunctionsIngestApiFailing', purpose: 'collect', call: () => send('/v1/identify') },
    { name: 'FunctionsProfileApiDoorApiFailing', purpose: 'profile', call: () => fetch(`${platform.profileUrl}/v1/x`) },
    { name: 'FunctionsAdminApiDoorApiFailing', purpose: 'admin', call: () => fetch(`${platform.adminUrl}/v1/x`) },
  ] as const)('$name', async ({ name, purpose, call }) => {
    await withoutConcurrency(purpose, () => ring(name, 'the function behind it may not run', call, { Period: 10 }));
  });

  it('DueTendSilent, and ends when tend runs', async () => {
    const { name: FunctionName } = await findFunction('tend');
    const sooner = { Period: 10, EvaluationPeriods: 2 };
    const alarm = await ring('DueTendSilent', 'it runs once a minute', async () => {}, sooner);
    const Payload = Buffer.from('{"slice":0,"slices":4,"wakesPerSecond":100}');
    await hear(ringing.ears, alarm, 'OK', () => lambda.send(new InvokeCommand({ FunctionName, Payload })));
  });

  it('PrivacyRequestsSilent, and ends when requests are looked at', async () => {
    const { name: FunctionName } = await findFunction('requests');
    const sooner = { Period: 10, EvaluationPeriods: 2 };
    const alarm = await ring('PrivacyRequestsSilent', 'nobody looks for requests', async () => {}, sooner);
    await hear(ringing.ears, alarm, 'OK', () => lambda.send(new InvokeCommand({ FunctionName })));
  });

  it('CrmExportSilent', async () => {
    const sooner = { Period: 10, EvaluationPeriods: 2 };
    await ring('CrmExportSilent', 'no file was ever put there', async () => {}, sooner);
  });

  it('JobsLakeNotUpdated, and ends when the last job has run', async () => {
    const alarm = await ring('JobsLakeNotUpdated', 'no job runs', async () => {}, { Period: 10, EvaluationPeriods: 2 });
    await new GlueClient(asOwner).send(new StartJobRunCommand({ JobName: platform.stack[jobOutput('maintain')] }));
    await hear(ringing.ears, alarm, 'OK');
  });
});

it('rings, each alarm that can ring here', () => {
  expect([...ringing.alarms.keys()].filter((name) => !ringing.rung.has(name)).sort()).toEqual(
    Object.keys(cannotRing).sort(),
  );
});
