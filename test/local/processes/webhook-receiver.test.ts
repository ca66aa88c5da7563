import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startWebhookReceiver } from '../../../local/processes/webhook-receiver.ts';

it('keeps what destinations get, in memory and in a file', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'cdp-webhook-'));
  const receiver = await startWebhookReceiver(0, directory);
  await fetch(receiver.webhookUrl('crm'), { method: 'POST', body: '{"a":1}', headers: { 'x-signature': 's' } });
  await fetch(receiver.webhookUrl('crm'), { method: 'POST', body: 'no json' });
  const told = (await (await fetch(receiver.deliveriesUrl)).json()) as object[];
  await receiver.stop();
  const written = (await readFile(join(directory, 'deliveries.ndjson'), 'utf8')).trim().split('\n');
  await rm(directory, { recursive: true });

  expect(told).toMatchObject([
    { destination: 'crm', body: { a: 1 }, headers: { 'x-signature': 's' } },
    { destination: 'crm', body: 'no json' },
  ]);
  expect(written.map((line) => JSON.parse(line))).toEqual(told);
});
