import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const library = 'node_modules/@segment/analytics-next/dist/umd/index.js';
const page = `<!doctype html><title>Shop</title><link rel="icon" href="data:,"><script src="/analytics.js"></script>`;

/** Lends a web site with analytics.js on its page, at an origin that is not the platform's. */
export async function withShopSite<Result>(use: (url: string) => Promise<Result>): Promise<Result> {
  const script = await readFile(library);
  const server = createServer((request, response) => {
    if (request.url === '/analytics.js') response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    else response.writeHead(200, { 'content-type': 'text/html' }).end(page);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
