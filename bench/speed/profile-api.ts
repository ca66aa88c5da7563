import { type PlatformOutputs, startPlatform } from '../../local/platform/platform.ts';
import { portsFrom } from '../../local/processes/ports.ts';
import type { Bench, BenchOptions, Found } from '../report/bench.ts';
import type { Table } from '../report/table.ts';
import { type CountedHandler, handlerBeside } from './profile-handler.ts';

const users = '/v1/spaces/cdp/collections/users/profiles';
const people = 20;
/** Segment states its p95 for 50 traits, too. */
const traitsEach = 50;
const callsPerRound = 20;

/** What an application asks, of person number `n`. */
const questions: readonly { readonly name: string; readonly path: (n: number, profileId: string) => string }[] = [
  { name: '50 traits, by email', path: (n) => `${users}/email:bench${n}@example.com/traits?limit=50` },
  { name: '50 traits, by profile id', path: (_, profileId) => `${users}/${profileId}/traits?limit=50` },
  { name: 'one trait, by user id', path: (n) => `${users}/user_id:bench${n}/traits?include=trait_7` },
  { name: 'external_ids, by email', path: (n) => `${users}/email:bench${n}@example.com/external_ids` },
  { name: 'events, by email', path: (n) => `${users}/email:bench${n}@example.com/events` },
  { name: 'segments, by email', path: (n) => `${users}/email:bench${n}@example.com/segments` },
];

/**
 * Times the profile API on the deployed stack, and its function beside it against the same table, whose reads are
 * counted.
 */
export const profileApi: Bench = {
  name: 'profile-api',
  about: 'p50 and p95 of a call of the profile API, and its reads',
  run,
};

async function run({ rounds, progress }: BenchOptions): Promise<Found> {
  const platform = await startPlatform({ ports: portsFrom('34566'), stateDirectory: '.local/bench', log: () => {} });
  try {
    const ids = await fill(platform.outputs);
    const beside = await handlerBeside(platform.outputs);
    const measured = [];
    for (const [index, { name, path }] of questions.entries()) {
      const paths = Array.from({ length: rounds * callsPerRound }, (_, call) =>
        path(call % people, ids[call % people] ?? ''),
      );
      const overHttp = await times(paths, (one) => get(platform.outputs, one));
      measured.push({ name, overHttp, ...(await besideTimes(paths, beside)) });
      progress(index + 1, questions.length);
    }
    return { tables: [table(measured)], data: { people, traitsEach, callsEach: rounds * callsPerRound } };
  } finally {
    await platform.stop();
  }
}

/** Makes people with many traits, and waits until all can be read; their profile ids. */
async function fill(outputs: PlatformOutputs): Promise<string[]> {
  const traits = Object.fromEntries(
    Array.from({ length: traitsEach }, (_, n) => [`trait_${n}`, `value ${n} of a person`]),
  );
  const batch = Array.from({ length: people }, (_, n) => ({
    ...{ type: 'identify', userId: `bench${n}`, anonymousId: `device${n}` },
    traits: { ...traits, email: `bench${n}@example.com`, newsletter: true },
  }));
  const headers = { authorization: basic(outputs.writeKey), 'content-type': 'application/json' };
  await fetch(`${outputs.ingestUrl}/v1/batch`, { method: 'POST', headers, body: JSON.stringify({ batch }) });
  return Promise.all(batch.map(({ userId }) => profileIdOf(outputs, userId)));
}

async function profileIdOf(outputs: PlatformOutputs, userId: string): Promise<string> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const answer = await get(outputs, `${users}/user_id:${userId}/metadata?verbose=true`).catch(() => undefined);
    if (answer !== undefined) return (answer as { metadata: { profile_id: string } }).metadata.profile_id;
  }
  throw new Error(`${userId} was not stitched within a minute`);
}

async function get({ profileUrl, profileToken }: PlatformOutputs, path: string): Promise<unknown> {
  const answer = await fetch(`${profileUrl}${path}`, { headers: { authorization: basic(profileToken) } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return body;
}

const basic = (name: string): string => `Basic ${btoa(`${name}:`)}`;

async function besideTimes(paths: readonly string[], { call, reads }: CountedHandler) {
  const before = reads();
  const inProcess = await times(paths, call);
  return { inProcess, reads: (reads() - before) / (paths.length + callsPerRound) };
}

/** Milliseconds of each call, one after another, ascending, once a first round has warmed everything up. */
async function times(paths: readonly string[], call: (path: string) => Promise<unknown>): Promise<number[]> {
  for (const path of paths.slice(0, callsPerRound)) await call(path);
  const taken: number[] = [];
  for (const path of paths) {
    const started = performance.now();
    await call(path);
    taken.push(performance.now() - started);
  }
  return taken.sort((a, b) => a - b);
}

/** The value that a share of all values does not pass; values ascend. */
const percentile = (values: readonly number[], share: number): string =>
  (values[Math.ceil(values.length * share) - 1] ?? Number.NaN).toFixed(1);

const table = (rows: readonly { name: string; overHttp: number[]; inProcess: number[]; reads: number }[]): Table => ({
  title: 'Profile API, milliseconds a call',
  columns: ['what', 'p50', 'p95', 'p50 of the function', 'p95 of the function', 'items read'],
  rows: rows.map(({ name, overHttp, inProcess, reads }) => [
    name,
    percentile(overHttp, 0.5),
    percentile(overHttp, 0.95),
    percentile(inProcess, 0.5),
    percentile(inProcess, 0.95),
    reads.toFixed(2),
  ]),
  notes: [
    `Over HTTP through the emulated API Gateway and Lambda, one call after another; then the function alone, against the same table.`,
    'Items read are keys asked of DynamoDB, counted at the client.',
  ],
});
