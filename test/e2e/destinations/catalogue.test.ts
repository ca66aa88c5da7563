import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Analytics } from '@segment/analytics-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { destinationSettingsOutput } from '../../../lambdas/core/contract/outputs.ts';
import { answerTo } from '../../fixtures/catalogue/answers.ts';
import { type BundledTool, bundleTools } from '../../fixtures/catalogue/bundles.ts';
import { deployedTool, segmentOf, waves } from '../../fixtures/catalogue/deployed.ts';
import { type entered, type ToldDirectly, tellDirectly } from '../../fixtures/catalogue/drive.ts';
import type { Sent } from '../../fixtures/catalogue/switch-fetch.ts';
import { eventually } from '../observed/eventually.ts';
import { heardBy, received } from '../observed/received.ts';
import { asOwner, platform, unique } from '../platform/deployment.ts';
import { comparable } from './comparable.ts';

type Secret = ReturnType<typeof deployedTool>['secret'];

const hour = 3_600_000;
const nowhere = 99;
const began = Date.now();
const secrets = new SecretsManagerClient(asOwner);
const environment = { ...process.env };
let load: (tool: string) => Promise<BundledTool>;
const equal = { tools: 0, requests: 0, refreshed: 0 };

beforeAll(async () => {
  load = await bundleTools(waves.flat());
});
afterAll(() => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  console.log(`${equal.tools} tools, ${equal.requests} requests as directly, ${equal.refreshed} with refreshed tokens`);
});

/** Sends what Segment's library sends of a person, and returns what a webhook beside the tools is told of them. */
async function tell(userId: string, wave: number, at: number, event: string): Promise<typeof entered> {
  const analytics = new Analytics({ writeKey: platform.writeKey, host: platform.ingestUrl });
  const failures: unknown[] = [];
  analytics.on('error', (failure) => failures.push(failure));
  analytics.identify({ userId, traits: { wave, email: `${userId}@example.com` }, timestamp: new Date(at) });
  await analytics.closeAndFlush();
  expect(failures).toEqual([]);
  return eventually(async () => {
    const told = (await heardBy('witness', userId)).find((heard) => heard.told.event === event)?.told;
    expect(told).toBeDefined();
    return told as unknown as typeof entered;
  });
}

async function secretNow(tool: string): Promise<Secret> {
  const SecretId = platform.stack[destinationSettingsOutput(tool)];
  if (SecretId === undefined) return deployedTool(tool).secret;
  return JSON.parse((await secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? '');
}

/** What one direct call of a tool sends about the event. */
async function directly(tool: string, call: typeof entered, before?: ToldDirectly): Promise<ToldDirectly> {
  // After the first call, the deployment has refreshed tokens.
  const made = { ...deployedTool(tool), ...(before && { secret: await secretNow(tool) }) };
  const told = await tellDirectly(await load(tool), made, answerTo, { call, before });
  expect([tool, told.failed]).toEqual([tool, []]);
  return told;
}

/**
 * Waits until the proxy has received from each tool, after a number of requests, what direct calls sent. A delivery
 * that had no time to end is made again, so that a request may be there twice, and one of an earlier event, too.
 */
async function expectAlike(
  told: ReadonlyMap<string, ToldDirectly>,
  before: number,
  earlier: ReadonlyMap<string, ToldDirectly> = new Map(),
): Promise<void> {
  const owners = new Map(
    [...told].flatMap(([tool, { sent }]) => sent.map(({ url }) => [new URL(url).host, tool] as const)),
  );
  await eventually(
    async () => {
      const got = Map.groupBy((await received()).slice(before), ({ url }) => owners.get(new URL(url).host));
      for (const [tool, { sent }] of told) {
        const expected = distinct(tool, sent);
        const repeated = distinct(tool, earlier.get(tool)?.sent ?? []).filter((each) => !expected.includes(each));
        const found = distinct(tool, got.get(tool) ?? []).filter((each) => !repeated.includes(each));
        expect([tool, found]).toEqual([tool, expected]);
      }
    },
    { within: 200_000, every: 1_000 },
  );
  for (const { sent } of told.values()) equal.requests += sent.length;
}

const distinct = (tool: string, requests: readonly Sent[]): string[] =>
  [...new Set(requests.map((each) => comparable(tool, each, began)))].sort();

it('are all tools that keep audiences, and at least 60', () => {
  expect(waves.flat().length).toBeGreaterThanOrEqual(60);
  expect(new Set(waves.flat()).size).toBe(waves.flat().length);
});

describe.each(waves.map((tools, wave) => ({ wave, tools })))('wave $wave of tools', ({ wave, tools }) => {
  const userId = unique(`wave-${wave}`);
  const told = new Map<string, ToldDirectly>();

  it(`is told of an entry as by a direct call: ${tools.join(', ')}`, async () => {
    const before = (await received()).length;
    const call = await tell(userId, wave, began - 2 * hour, 'Audience Entered');
    expect(call).toMatchObject({ userId, properties: { audience_key: segmentOf(wave), [segmentOf(wave)]: true } });
    for (const tool of tools) told.set(tool, await directly(tool, call));
    expect([...told].filter(([, { sent }]) => sent.length === 0)).toEqual([]);
    await expectAlike(told, before);
    equal.tools += tools.length;
  });

  it('stores the tokens that a tool has refreshed, and no others', async () => {
    for (const [tool, { sent }] of told) {
      const refreshed = sent.some((each) => answerTo(each).status === 401);
      const { oauth } = deployedTool(tool).secret;
      const expected = refreshed ? { ...oauth, accessToken: 'token-2' } : oauth;
      await eventually(async () => expect([tool, (await secretNow(tool)).oauth]).toEqual([tool, expected]));
      if (refreshed) equal.refreshed += 1;
    }
  });

  it('is told of the exit, too, with the list and the tokens of before', async () => {
    const before = (await received()).length;
    const call = await tell(userId, nowhere, began - hour, 'Audience Exited');
    const exited = new Map<string, ToldDirectly>();
    for (const [tool, each] of told) exited.set(tool, await directly(tool, call, each));
    await expectAlike(exited, before, told);
  });
});
