import { createWriteStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { readJson } from '../../lambdas/core/values/json.ts';
import { errorMessageOf } from '../../lambdas/core/values/thrown.ts';
import { closeServer, listen } from './http-server.ts';

/** One request to a destination's webhook. */
interface Delivery {
  readonly receivedAt: string;
  readonly destination: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body, parsed if it is JSON. */
  readonly body: unknown;
}

/** A webhook that accepts and keeps all requests. */
interface WebhookReceiver {
  readonly deliveriesUrl: string;
  webhookUrl(destinationId: string): string;
  stop(): Promise<void>;
}

const webhookPath = '/webhooks/';

/**
 * Starts the receiver: POST `/webhooks/<destination>` keeps a request, GET `/deliveries` returns all of them as JSON.
 */
export async function startWebhookReceiver(port: number, stateDirectory: string): Promise<WebhookReceiver> {
  const deliveries: Delivery[] = [];
  const file = createWriteStream(join(stateDirectory, 'deliveries.ndjson'));
  const keep = (delivery: Delivery) => {
    deliveries.push(delivery);
    file.write(`${JSON.stringify(delivery)}\n`);
  };
  const server = createServer((request, response) => {
    answer(request, response, deliveries, keep).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : new Error(errorMessageOf(error))),
    );
  });
  const base = `http://127.0.0.1:${await listen(server, port)}`;
  return {
    deliveriesUrl: `${base}/deliveries`,
    webhookUrl: (destinationId) => `${base}${webhookPath}${destinationId}`,
    stop: async () => {
      await closeServer(server);
      await new Promise<void>((resolve) => file.end(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  kept: readonly Delivery[],
  keep: (delivery: Delivery) => void,
): Promise<void> {
  const url = request.url ?? '/';
  if (request.method === 'GET' && url === '/deliveries') return sendJson(response, 200, kept);
  if (request.method !== 'POST' || !url.startsWith(webhookPath))
    return sendJson(response, 404, { error: 'POST /webhooks/<destination> or GET /deliveries' });
  const body = (await buffer(request)).toString('utf8');
  keep({
    receivedAt: new Date().toISOString(),
    destination: url.slice(webhookPath.length),
    headers: request.headers,
    body: parsedWhenJson(body),
  });
  sendJson(response, 200, { ok: true });
}

function parsedWhenJson(body: string): unknown {
  try {
    return readJson(body);
  } catch {
    return body;
  }
}

const sendJson = (response: ServerResponse, status: number, value: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};
