import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect, inject, it } from 'vitest';
import { clientSettings } from '../../../local/platform/aws.ts';

const logs = new CloudWatchLogsClient(clientSettings(inject('emulatorUrl')));
const [logGroupName, began] = ['paged', Date.now() - 60_000];
const lines = Array.from({ length: 10_007 }, (_, n) => ({
  // Several lines have one time.
  timestamp: began + Math.floor(n / 3),
  message: `line ${n}`,
}));

async function pages(more: object): Promise<string[][]> {
  const found: string[][] = [];
  for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, { logGroupName, ...more }))
    found.push(events.map(({ message = '' }) => message));
  return found;
}

it('lines of logs come page by page, each once', async () => {
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const stream = { logGroupName, logStreamName: 'only' };
  await logs.send(new CreateLogStreamCommand(stream));
  for (let from = 0; from < lines.length; from += 5_000)
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents: lines.slice(from, from + 5_000) }));

  const all = await pages({ startTime: began });
  expect(all.map(({ length }) => length)).toEqual([10_000, 7]);
  expect(all.flat()).toEqual(lines.map(({ message }) => message));
  expect(await pages({ startTime: began + 3_334, limit: 2 })).toEqual([
    ['line 10002', 'line 10003'],
    ['line 10004', 'line 10005'],
    ['line 10006'],
  ]);
  expect(await pages({ filterPattern: '"line 9999"' })).toEqual([['line 9999']]);
  await expect(logs.send(new FilterLogEventsCommand({ logGroupName: 'unknown' }))).rejects.toThrow('does not exist');
});
