import type { Call } from '../../local/demo/shop/calls.ts';
import { readOrdersFile } from '../../local/demo/shop/orders-file.ts';
import { writeScript } from '../../local/demo/shop/script.ts';
import { now } from '../events/crowd.ts';
import type { SampleCall } from '../events/sample-events.ts';
import type { Window } from '../metering/trace.ts';

const eventsPerWindow = 1000;

/** What the demo's shop sends, request by request as its SDKs pack them, in windows of about a thousand events. */
export async function demoTrace(seed: number): Promise<Window[]> {
  const { phases } = writeScript({ orders: await readOrdersFile(), now: new Date(now), seed });
  const windows: SampleCall[][][] = [];
  let room = 0;
  for (const { calls } of phases.flatMap(({ requests }) => requests)) {
    if (room < calls.length) {
      windows.push([]);
      room = eventsPerWindow;
    }
    windows.at(-1)?.push(calls.map(asSent));
    room -= calls.length;
  }
  return windows;
}

/** As Segment's Node library puts it on the wire. */
const asSent = ({ about: _, at, ...call }: Call): SampleCall => ({
  ...call,
  timestamp: new Date(at).toISOString(),
  context: { library: { name: '@segment/analytics-node', version: '3.1.0' } },
  _metadata: { nodeVersion: process.versions.node, jsRuntime: 'node' },
  integrations: {},
});
