import type { Page } from 'playwright-core';

/** A request that a page made, preflights (OPTIONS) included. One that is under way has neither status nor failure. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly contentType: string | undefined;
  status?: number;
  failure?: string;
}

/** Follows a page's requests by the browser's own protocol: only there are preflights to be seen. */
export async function watchNetwork(page: Page): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  const byId = new Map<string, Exchange>();
  const session = await page.context().newCDPSession(page);
  session.on('Network.requestWillBeSent', ({ requestId, request: { method, url, headers } }) => {
    const exchange: Exchange = { method, url, contentType: headers['Content-Type'] };
    exchanges.push(exchange);
    byId.set(requestId, exchange);
  });
  session.on('Network.responseReceived', ({ requestId, response }) => {
    const exchange = byId.get(requestId);
    if (exchange) exchange.status = response.status;
  });
  session.on('Network.loadingFailed', ({ requestId, errorText }) => {
    const exchange = byId.get(requestId);
    if (exchange) exchange.failure = errorText;
  });
  await session.send('Network.enable');
  return exchanges;
}
