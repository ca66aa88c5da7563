import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { retryPolicy } from '../../lambdas/adapters/retry-failed-entries.ts';
import { segmentBus } from '../../lambdas/adapters/segment-bus.ts';
import type { MembershipChange } from '../../lambdas/core/delivery.ts';

const client = mockClient(EventBridgeClient);
const warnings: object[] = [];
beforeEach(() => {
  client.reset();
  warnings.length = 0;
});

const warn = (_message: string, details: object) => warnings.push(details);
const send = segmentBus(new EventBridgeClient({ region: 'us-east-1' }), 'segments', warn, { ...retryPolicy, sleep: async () => {} });
const changes = Array.from({ length: 23 }, (_, n): MembershipChange => ({ profileId: `p${n}`, segment: 'vip', change: 'entered' }));

/** Takes every entry but those `refuses` names. */
const taking = (refuses: (profileId: string) => boolean) =>
  client.on(PutEventsCommand).callsFake(({ Entries }: { Entries: { Detail: string }[] }) => ({
    Entries: Entries.map(({ Detail }) => (refuses(JSON.parse(Detail).profileId) ? { ErrorCode: 'ThrottlingException' } : { EventId: 'e' })),
  }));

it('puts ten changes a call', async () => {
  taking(() => false);
  expect(await send(changes)).toBe(23);
  expect(client.commandCalls(PutEventsCommand).map(({ args }) => args[0].input.Entries?.length)).toEqual([10, 10, 3]);
  expect(client.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries?.[0]).toEqual({
    EventBusName: 'segments',
    Source: 'cdp.segments',
    DetailType: 'Segment Membership Changed',
    Detail: '{"profileId":"p0","segment":"vip","change":"entered"}',
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
