import type { Browser } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { eventually } from '../observed/eventually.ts';
import { platform } from '../platform/deployment.ts';
import { expectArrival } from './arrival.ts';
import { withBrowser } from './browser.ts';
import { type Exchange, watchNetwork } from './network.ts';
import { visitInPage } from './page-visit.ts';
import { withShopSite } from './shop-site.ts';
import { type Call, newShopper, visit } from './shopper.ts';

const modes = [
  { mode: 'one request a call', settings: {}, sends: ['a', 'g', 'i', 'p', 's', 't'] },
  {
    mode: 'batches',
    settings: { deliveryStrategy: { strategy: 'batching', config: { size: 10, timeout: 500 } } },
    sends: ['b'],
  },
];

describe.each(modes)("Segment's browser library in Chromium, $mode", ({ mode, settings, sends }) => {
  it('asks for its settings, passes the preflights, and becomes raw events, a profile and news', async () => {
    const shopper = newShopper(`analytics-next-${mode.split(' ')[0]}`);
    const calls = visit(shopper);
    const exchanges = await withBrowser((browser) =>
      withShopSite((site) => browse(browser, site, { settings, calls, sends })),
    );

    expect(
      exchanges.filter(({ status, failure }) => failure !== undefined || status === undefined || status >= 300),
    ).toEqual([]);
    expect(paths(exchanges, 'GET')).toEqual([`projects/${platform.browserWriteKey}/settings`]);
    expect(paths(exchanges, 'OPTIONS')).toEqual(sends);
    expect(new Set(exchanges.filter(({ method }) => method === 'POST').map(({ contentType }) => contentType))).toEqual(
      new Set(['text/plain']),
    );
    await expectArrival(shopper, calls, 'storefront');
  });
});

/** Paths below `/v1/` that a page asked the platform for, each once. */
function paths(exchanges: readonly Exchange[], method: string): string[] {
  const asked = exchanges.filter(({ url, method: used }) => used === method && url.startsWith(platform.ingestUrl));
  return [...new Set(asked.map(({ url }) => new URL(url).pathname.slice('/v1/'.length)))].sort();
}

interface Visit {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly calls: readonly Call[];
  readonly sends: readonly string[];
}

/** Visits the shop until the page has sent all calls and has all its answers; gives back what went over the network. */
async function browse(browser: Browser, site: string, { settings, calls, sends }: Visit): Promise<Exchange[]> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  const exchanges = await watchNetwork(page);
  await page.goto(site);
  const task = { writeKey: platform.browserWriteKey, cdnURL: platform.ingestUrl, settings, calls: [...calls] };
  await page.evaluate(visitInPage, task);
  await eventually(async () => {
    expect(paths(exchanges, 'POST')).toEqual(sends);
    expect(exchanges.filter(({ status, failure }) => status === undefined && failure === undefined)).toEqual([]);
  });
  expect(complaints).toEqual([]);
  return exchanges;
}
