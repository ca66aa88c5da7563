import { execFileSync } from 'node:child_process';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localDirectory } from '../bin/deployment/local-directory.ts';
import { noneOf, runProgram } from '../bin/terminal/command.ts';
import { type TaskLine, taskLine } from '../bin/terminal/task-line.ts';
import { analyst } from './demo/findings/lake-tables.ts';
import { openStores } from './demo/findings/stores.ts';
import { runJobs } from './demo/jobs.ts';
import { sendRequests } from './demo/send-phase.ts';
import type { Call, SdkRequest } from './demo/shop/calls.ts';
import { until } from './demo/until.ts';
import { type PlatformOutputs, startPlatform } from './platform/platform.ts';
import { portsFrom } from './processes/ports.ts';

const usage = `npm run cdnow

Sends all orders of the CD shop CDNOW, 1997 and 1998, through a platform of its own on this machine, runs the lake's jobs,
and compares the mart rfm row by row with the results of the Python package lifetimes for the same file. Takes some minutes.

CDP_LOCAL_PORT=5000      listens on ports 5000 to 5004 instead of 4566 to 4570
CDP_LOCAL_DIRECTORY=d    keeps outputs.json and logs in d/cdnow instead of .local/cdnow`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** The lake has decimals, lifetimes has binary fractions. */
const tolerance = 1e-9;

/** Customer, frequency, recency, T in days, monetary value. */
type Row = readonly [string, number, number, number, number];

await runProgram(usage, {}, async ({ positionals }) => {
  noneOf(positionals);
  process.exit((await sendAndCompare()) ? 0 : 1);
});

async function sendAndCompare(): Promise<boolean> {
  const requests = requestsOf(await readOrders());
  const expected = JSON.parse(
    execFileSync('.venv/bin/python', ['local/demo/cdnow_summary.py'], { encoding: 'utf8' }),
  ) as {
    orders: number;
    rows: Row[];
  };
  const platform = await startPlatform({
    ports: portsFrom(),
    stateDirectory: join(localDirectory, 'cdnow'),
    log: print,
  });
  try {
    await send(requests, expected.orders, platform.outputs, taskLine(print));
    return report(expected, await readRfm(platform.outputs));
  } finally {
    await platform.stop();
  }
}

/** Rows of the file without its heading: customer, day (yyyymmdd), disks, dollars. */
async function readOrders(): Promise<string[][]> {
  for await (const file of glob('.venv/lib/python*/site-packages/lifetimes/datasets/CDNOW_master.txt')) {
    const lines = (await readFile(file, 'utf8')).split('\n').slice(1);
    return lines.map((line) => line.trim().split(/\s+/)).filter((words) => words.length === 4);
  }
  throw new Error('lifetimes has no CDNOW_master.txt; npm start installs it');
}

/** One order is one event, at noon of its day. */
function callOf([customer = '', day = '', disks, dollars]: readonly string[], line: number): Call {
  const at = Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6)), 12);
  const orderId = `cdnow-${line}`;
  const properties = { order_id: orderId, revenue: Number(dollars), currency: 'USD', quantity: Number(disks) };
  return {
    type: 'track',
    event: 'Order Completed',
    messageId: orderId,
    at,
    userId: customer,
    about: customer,
    properties,
  };
}

function requestsOf(orders: readonly (readonly string[])[]): SdkRequest[] {
  const calls = orders.map(callOf);
  const size = 400;
  return Array.from({ length: Math.ceil(calls.length / size) }, (_, n) => ({
    sender: 'shop-backend',
    calls: calls.slice(n * size, (n + 1) * size),
  }));
}

/** Sends all orders, waits until profiles and the lake have them, and runs the jobs. */
async function send(
  requests: readonly SdkRequest[],
  orders: number,
  outputs: PlatformOutputs,
  progress: TaskLine,
): Promise<void> {
  const stores = openStores(outputs);
  const awaited = async (what: string, read: () => Promise<number>) => {
    progress.start(`  … ${what}`);
    await until({
      what,
      wanted: orders,
      read,
      interval: 5_000,
      patience: 120_000,
      onProgress: (count) => progress.show(count, orders),
    });
    progress.finish(orders.toLocaleString('en-US'));
  };
  try {
    let accepted = 0;
    progress.start('Sending the orders of CDNOW');
    await sendRequests(requests, outputs, (count) => {
      accepted += count;
      progress.show(accepted, orders);
    });
    progress.finish(`${accepted.toLocaleString('en-US')} events in ${requests.length} requests`);
    await awaited('events in profiles', stores.stitchedMessages);
    await awaited('events in the lake', async () => new Set((await stores.rawZone()).ids).size);
    await runJobs(outputs, progress);
  } finally {
    stores.close();
  }
}

async function readRfm(outputs: PlatformOutputs): Promise<Row[]> {
  const { ask, close } = analyst(outputs);
  const { rows } = await ask(
    'SELECT p.user_id, r.frequency, r.recency, r.t, r.monetary_value FROM rfm r JOIN profiles p ON p.profile_id = r.profile_id',
  );
  close();
  return rows.map(([customer, ...numbers]) => [customer ?? '', ...numbers.map(Number)] as unknown as Row);
}

function report(
  { orders, rows: expected }: { readonly orders: number; readonly rows: readonly Row[] },
  found: readonly Row[],
): boolean {
  const byCustomer = new Map(found.map((row) => [row[0], row]));
  const differing = expected.filter(([customer, ...numbers]) => {
    const [, ...own] = byCustomer.get(customer) ?? [];
    return (
      own.length !== numbers.length ||
      numbers.some((number, n) => !(Math.abs(number - (own[n] ?? Number.NaN)) <= tolerance))
    );
  });
  const count = (number: number) => number.toLocaleString('en-US');
  print(
    `\nlifetimes: ${count(orders)} orders of ${count(expected.length)} customers; rfm: ${count(found.length)} customers, ${count(byCustomer.size)} ids`,
  );
  for (const [customer, ...numbers] of differing.slice(0, 10))
    print(
      `  - ${customer}: ${numbers.join(' ')}; rfm has ${byCustomer.get(customer)?.slice(1).join(' ') ?? 'nothing'}`,
    );
  const isEqual = differing.length === 0 && found.length === expected.length && byCustomer.size === found.length;
  print(isEqual ? 'Equal, row by row.' : `${count(differing.length)} rows differ.`);
  return isEqual;
}
