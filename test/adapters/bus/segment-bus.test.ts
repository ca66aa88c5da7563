import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { beforeEach, expect, it } from 'vitest';
import { configuredBus, segmentBus } from '../../../lambdas/adapters/bus/segment-bus.ts';
import { retryPolicy } from '../../../lambdas/adapters/streams/retry-failed-entries.ts';
import type { MembershipChange } from '../../../lambdas/core/destinations/audience-event.ts';
import { trait } from '../../../lambdas/core/segments/language/people.ts';
import { configOf } from '../../fixtures/events.ts';
import { mockClient } from '../../fixtures/mock-client.ts';

const client = mockClient(EventBridgeClient);
const warnings: object[] = [];
beforeEach(() => {
  client.reset();
  warnings.length = 0;
});

const warn = (_message: string, details: object) => warnings.push(details);
const vip = { key: 'vip', name: 'VIP', where: trait('vip').equals(true) };
const busOf = (...ids: string[]) =>
  configuredBus(
    'segments',
    configOf({ segments: [vip], destinations: ids.map((id) => ({ id, kind: 'webhook' as const, segments: ['vip'] })) }),
  );
const send = segmentBus(new EventBridgeClient({ region: 'us-east-1' }), busOf('crm'), warn, {
  ...retryPolicy,
  sleep: async () => {},
});
const changes = Array.from(
  { length: 23 },
  (_, n): MembershipChange => ({ profileId: `p${n}`, segment: 'vip', change: 'entered' }),
);

/** Takes every entry but those `refuses` names. */
const taking = (refuses: (profileId: string) => boolean) =>
  client.on(PutEventsCommand).callsFake(({ Entries }: { Entries: { Detail: string }[] }) => ({
    Entries: Entries.map(({ Detail }) =>
      refuses(JSON.parse(Detail).profileId) ? { ErrorCode: 'ThrottlingException' } : { EventId: 'e' },
    ),
  }));

it('puts ten changes a call', async () => {
  taking(() => false);
  expect(await send(changes)).toBe(23);
  expect(client.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries?.length)).toEqual([10, 10, 3]);
  expect(client.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries?.[0]).toEqual({
    EventBusName: 'segments',
    Source: 'cdp.segments',
    DetailType: 'Segment Membership Changed',
    Detail: '{"profileId":"p0","segment":"vip","change":"entered","destinations":["crm"]}',
  });
});

it('puts again only what the bus refused', async () => {
  let refusals = 2;
  taking((id) => id === 'p3' && refusals-- > 0);
  expect(await send(changes.slice(0, 5))).toBe(5);
  expect(client.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries?.length)).toEqual([5, 1, 1]);
});

it('stops at the call that keeps failing, says how far it came, and warns why', async () => {
  taking((id) => id === 'p12');
  expect(await send(changes)).toBe(10);
  expect(client.commandCalls(PutEventsCommand)).toHaveLength(1 + retryPolicy.attempts);
  expect(warnings).toEqual([{ reason: 'throttled', error: 'ThrottlingException', waiting: 13 }]);
});

it('has room for a change that 200 destinations of the longest names are told of', async () => {
  taking(() => false);
  const ids = Array.from({ length: 200 }, (_, n) => `d${n}x`.padEnd(40, 'x'));
  await segmentBus(new EventBridgeClient({ region: 'us-east-1' }), busOf(...ids), warn)(changes);
  const [call] = client.commandCalls(PutEventsCommand).map(({ args }) => JSON.stringify(args[0].input));
  // What one call may carry at the least: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
  expect(Buffer.byteLength(call ?? '')).toBeLessThan(256 * 1024);
});
