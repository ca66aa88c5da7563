import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Definition } from '../../../../lambdas/adapters/destinations/catalogue/definitions/definition.ts';
import {
  installedDefinition,
  installedTools,
} from '../../../../lambdas/adapters/destinations/catalogue/definitions/installed.ts';
import { whyUnusable } from '../../../../lambdas/adapters/destinations/catalogue/definitions/unusable.ts';
import { trust } from '../../../../lambdas/adapters/egress/trusted.ts';
import { answerTo } from '../../../fixtures/catalogue/answers.ts';
import { type BundledTool, bundleTools } from '../../../fixtures/catalogue/bundles.ts';
import { madeUp, tellDirectly, tellThrough } from '../../../fixtures/catalogue/drive.ts';
import type { Golden } from '../../../fixtures/catalogue/golden.ts';
import { advertising } from '../../../fixtures/catalogue/golden-advertising.ts';
import { analytics } from '../../../fixtures/catalogue/golden-analytics.ts';
import { messaging } from '../../../fixtures/catalogue/golden-messaging.ts';
import type { Sent } from '../../../fixtures/catalogue/switch-fetch.ts';
import { answering, type TlsProxy, tlsProxy } from '../../../fixtures/catalogue/tls-proxy.ts';

const tools = installedTools();
const usable = tools.filter((tool) => whyUnusable(tool) === undefined);
const definitionOf = (tool: string) => installedDefinition(tool) as Definition;
const keepsAudiences = (tool: string) => definitionOf(tool).audienceFields !== undefined;

/** Ids that a tool makes up for each request, and what it signs with them. */
const comparable = ({ method, url, body }: Sent): string =>
  `${method} ${url} ${body}`
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'random id')
    .replace(/(client_assertion=)[^&]+/, '$1random');

let load: (tool: string) => Promise<BundledTool>;
const direct = new Map<string, readonly string[]>();
const requests = new Map<string, readonly Sent[]>();
let proxy: TlsProxy;
const trusted = tls.getCACertificates('default');
const environment = { ...process.env };

beforeAll(async () => {
  load = await bundleTools(tools);
  // Some bodies contain the time.
  vi.useFakeTimers({ toFake: ['Date'] });
  for (const tool of usable) {
    const { sent } = await tellDirectly(await load(tool), madeUp(tool, definitionOf(tool)), answerTo);
    direct.set(tool, sent.map(comparable));
    requests.set(tool, sent);
  }
  proxy = await tlsProxy(answering(answerTo));
  trust(proxy.ca);
}, 300_000);
afterAll(() => {
  vi.useRealTimers();
  tls.setDefaultCACertificates(trusted);
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  proxy.close();
});

describe('every tool of the catalogue', () => {
  it.each(tools)('%s is bundled, loads, and validates settings', async (tool) => {
    const { product, load: loadDefinition } = await load(tool);
    const definition = product.definitionIn(await loadDefinition());
    const library = new product.core.Destination({ ...definition, name: definition.slug } as never);
    expect(Object.keys(library.actions)).toEqual(Object.keys(definitionOf(tool).actions));
    const { destination, secret } = madeUp(tool, definition);
    expect(() => library.validateSettings({ ...destination.settings, ...secret.settings })).not.toThrow();
  });
});

describe('through the proxy, as directly in this process', () => {
  const sentOf = (tool: string): readonly string[] => direct.get(tool) ?? [];

  it.each(usable)('%s sends the same bytes', async (tool) => {
    proxy.received.length = 0;
    const outcome = await tellThrough(await load(tool), madeUp(tool, definitionOf(tool)), proxy.url);
    expect(proxy.received.map(comparable)).toEqual(sentOf(tool));
    if (sentOf(tool).length === 0) expect(outcome).toMatchObject({ requests: 0 });
    if (outcome.kind === 'delivered') expect(outcome.requests).toBeGreaterThan(0);
    if (keepsAudiences(tool)) expect(outcome).toMatchObject({ kind: 'delivered' });
  });

  it('most tools send something, and all that keep audiences', () => {
    const silent = usable.filter((tool) => sentOf(tool).length === 0);
    expect(usable.length - silent.length).toBeGreaterThanOrEqual(145);
    expect(silent.filter(keepsAudiences)).toEqual([]);
  });

  it('no tool that keeps audiences is asked for a list that nobody named', () => {
    const urls = usable
      .filter(keepsAudiences)
      .flatMap((tool) => requests.get(tool) ?? [])
      .map(({ url }) => url);
    expect(urls.filter((url) => /\b(undefined|null|NaN|\[object Object\])\b/.test(url))).toEqual([]);
  });
});

describe('as its own documentation asks for', () => {
  const golden = [...advertising, ...analytics, ...messaging];

  it.each(golden)('$tool is told: $by', (each) => {
    const { tool, method, url } = each;
    const sent = (requests.get(tool) ?? []).map((request) => ({ ...request, body: jsonOf(request.body) }));
    const found = sent.filter((request) => request.method === method && url.test(request.url));
    expect(found.map(({ body }) => body)).toContainEqual(bodyOf(each));
  });

  it('by whole bodies for at least 30 of them', () => {
    expect(golden.filter((each) => 'whole' in each).length).toBeGreaterThanOrEqual(30);
    expect(new Set(golden.map(({ tool }) => tool)).size).toBeGreaterThanOrEqual(39);
  });
});

const bodyOf = (golden: Golden): unknown => ('whole' in golden ? golden.whole : atLeast(golden.atLeast));

/** Objects may have more fields, in lists, too. */
function atLeast(wanted: unknown): unknown {
  if (Array.isArray(wanted)) return wanted.map(atLeast);
  if (typeof wanted !== 'object' || wanted === null || 'asymmetricMatch' in wanted) return wanted;
  return expect.objectContaining(
    Object.fromEntries(Object.entries(wanted).map(([name, each]) => [name, atLeast(each)])),
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
